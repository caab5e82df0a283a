// Everything that has to hold of the web application before it ships, one after the other; the first that fails ends it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const PAGE = "../audience_builder/api/page";
const MOST_KB = 300;

const run = (name, ...words) =>
  execFileSync(process.execPath, [join("node_modules", name), ...words], { stdio: ["ignore", "inherit", "inherit"] });
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
const refuse = (said) => {
  console.error(said);
  process.exit(1);
};

/** The typed client is what the server's description says. */
function clientIsCurrent() {
  const folder = mkdtempSync(join(tmpdir(), "client-"));
  const made = join(folder, "schema.d.ts");
  const generator = "codegen/node_modules/openapi-typescript/bin/cli.js";
  execFileSync(process.execPath, [generator, "../docs/openapi.json", "--empty-objects-unknown", "-o", made], {
    stdio: "ignore",
  });
  if (readFileSync(made, "utf8") !== readFileSync("src/server/schema.d.ts", "utf8"))
    refuse("the typed client is not current: make web");
  rmSync(folder, { recursive: true });
}

/** What stands in the package is what these sources build. */
function pageIsCurrent() {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "error"], {
    stdio: "inherit",
    env: { ...process.env, PAGE_FOLDER: folder },
  });
  const said = (top) =>
    new Map(filesOf(top).map((file) => [relative(top, file), readFileSync(file).toString("latin1")]));
  const [built, kept] = [said(folder), said(PAGE)];
  const differs = [...new Set([...built.keys(), ...kept.keys()])].filter((name) => built.get(name) !== kept.get(name));
  if (differs.length > 0) refuse(`the built application is not current (${differs.slice(0, 5).join(", ")}): make web`);
  rmSync(folder, { recursive: true });
}

/** All scripts and styles of the builder's route, as they travel. */
function routeIsSmall() {
  const assets = join(PAGE, "assets");
  const entry = readFileSync(join(PAGE, "index.html"), "utf8").match(/assets\/[\w.-]+\.(?:js|css)/g) ?? [];
  const names = new Set(entry.map((name) => name.slice("assets/".length)));
  for (const name of readdirSync(assets)) if (name.startsWith("BuilderScreen")) follow(name, names);
  const size = [...names].reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0) / 1000;
  console.log(`builder route: ${size.toFixed(1)} kB of ${MOST_KB} kB gzip, ${names.size} files`);
  if (size > MOST_KB) refuse(`the builder's route is larger than ${MOST_KB} kB`);

  function follow(name, found) {
    if (found.has(name)) return;
    found.add(name);
    const text = readFileSync(join(assets, name), "utf8");
    for (const [, other] of text.matchAll(/from\s*"\.\/([\w.-]+\.js)"/g)) follow(other, found);
  }
}

run("@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".");
run("typescript/bin/tsc", "--noEmit");
clientIsCurrent();
run("vitest/vitest.mjs", "run", "--reporter=dot");
pageIsCurrent();
routeIsSmall();
if (!process.argv.includes("--without-browser")) run("@playwright/test/cli.js", "test");
