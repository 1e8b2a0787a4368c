"use client";
// What the page for partners gives for an application: the script is added once the page is alive, and not on the page that has its own.
import { useEffect } from "react";

export function LoadGuide({ src, integrity }) {
  useEffect(() => {
    if (document.querySelector('script[src*="/embed"]')) return;
    const script = document.createElement("script");
    script.src = src;
    script.integrity = integrity;
    script.crossOrigin = "anonymous";
    document.head.append(script);
  }, [src, integrity]);
  return null;
}
