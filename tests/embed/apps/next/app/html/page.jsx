import { Alive } from "../alive.jsx";

// The code of the page for partners as it is, inside one element whose HTML React does not look into.
export default function Help() {
  const { SITE, FILE, INTEGRITY } = process.env;
  const code = `<a data-embed href="${SITE}/guide/#embed">Un soin vous a été refusé ?</a>
<script async src="${SITE}/${FILE}" integrity="${INTEGRITY}" crossorigin="anonymous"></script>`;
  return (
    <>
      <h1>Aide</h1>
      <p>Avant</p>
      <div dangerouslySetInnerHTML={{ __html: code }} />
      <Alive />
    </>
  );
}
