// Without a slash at its end, SITE is the address of the guide's site, read when the page is asked for.
import Link from "next/link";
import { LoadGuide } from "./load-guide.jsx";

export const dynamic = "force-dynamic";
export const metadata = { title: "Une caisse" };

export default function Layout({ children }) {
  const { SITE, FILE, INTEGRITY } = process.env;
  return (
    <html lang="fr">
      <body>
        <nav><Link href="/" prefetch={false}>Accueil</Link> <Link href="/modele" prefetch={false}>Aide</Link></nav>
        <main>{children}</main>
        <LoadGuide src={`${SITE}/${FILE}`} integrity={INTEGRITY} />
      </body>
    </html>
  );
}
