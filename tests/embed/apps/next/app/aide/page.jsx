import { Alive } from "../alive.jsx";

// The code of the page for partners as it is, in HTML that the server draws and React then takes over.
export default function Help() {
  const { SITE, FILE, INTEGRITY } = process.env;
  const code = `<a data-embed href="${SITE}/guide/#embed">Un soin vous a été refusé ?</a>`;
  return (
    <>
      <h1>Aide</h1>
      <p>Avant</p>
      <div dangerouslySetInnerHTML={{ __html: code }} />
      <p><a data-embed="" href={`${SITE}/guide/#embed&dep=59`}>Un soin vous a été refusé ?</a></p>
      <script async src={`${SITE}/${FILE}`} integrity={INTEGRITY} crossOrigin="anonymous" />
      <Alive />
    </>
  );
}
