import { Alive } from "../alive.jsx";

export default function Help() {
  return (
    <>
      <h1>Aide</h1>
      <p>Avant</p>
      <div><a href={`${process.env.SITE}/guide/#embed&dep=59`}>Un soin vous a été refusé ?</a></div>
      <Alive />
    </>
  );
}
