export default function Home() {
  return <h1>Une caisse</h1>;
}
