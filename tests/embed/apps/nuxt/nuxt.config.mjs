// SITE, FILE and INTEGRITY are read when the server starts, under the names Nuxt gives them: NUXT_PUBLIC_SITE…
export default defineNuxtConfig({
  compatibilityDate: "2026-01-01",
  telemetry: false,
  devtools: { enabled: false },
  hooks: {
    // As many sites do: no part is fetched in advance, so that the page has loaded before Vue takes it over.
    "build:manifest": (manifest) => {
      for (const part of Object.values(manifest)) part.preload = part.prefetch = part.isEntry;
    },
  },
  runtimeConfig: { public: { site: "", file: "", integrity: "" } },
});
