import optimizeLocales from "@react-aria/optimize-locales-plugin";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.AUDIENCE_BUILDER_URL ?? "http://localhost:8080";

export default defineConfig({
  plugins: [react(), tailwind(), { ...optimizeLocales.vite({ locales: ["ko-KR", "en-US"] }), enforce: "pre" }],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: {
    outDir: process.env.PAGE_FOLDER ?? "../audience_builder/api/page",
    emptyOutDir: true,
    target: "es2022",
    // Nothing may stand in the page itself: the server allows scripts and styles from its own files only.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    license: { fileName: "licenses.md" },
  },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], restoreMocks: true },
});
