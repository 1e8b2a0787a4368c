"use client";
// Says when React has taken the page over, and draws the page anew when asked.
import { useEffect, useState } from "react";

export function Alive() {
  const [times, draw] = useState(0);
  useEffect(() => { document.documentElement.dataset.alive = "yes"; }, []);
  return <button onClick={() => draw(times + 1)}>Dessiné {times} fois</button>;
}
