import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { useCounting } from "@/server/counting";
import { Button, IconButton } from "@/ui/button";
import { useFrame } from "./commands";
import { setLanguage, useWords } from "./language";
import { Me } from "./Me";
import { useShortcuts } from "./shortcuts";

const PAGES = [
  { to: "/", word: "builder" },
  { to: "/audiences", word: "audiences" },
  { to: "/exports", word: "exports" },
  { to: "/data", word: "data" },
  { to: "/glossary", word: "glossary" },
] as const;

const Palette = lazy(() => import("./Palette").then((module) => ({ default: module.Palette })));
const ShortcutSheet = lazy(() => import("./ShortcutSheet").then((module) => ({ default: module.ShortcutSheet })));

/** What may lie over a page; fetched when it is first asked for. */
function Sheets() {
  const { palette, sheet } = useFrame();
  return (
    <Suspense>
      {palette && <Palette />}
      {sheet && <ShortcutSheet />}
    </Suspense>
  );
}

/** What stands around every page. */
export function Shell() {
  const { t, language } = useWords();
  const show = useFrame((frame) => frame.show);
  useShortcuts([
    { code: "KeyK", ctrl: true, run: () => show("palette") },
    { code: "Slash", shift: true, run: () => show("sheet") },
  ]);
  return (
    <I18nProvider locale={language === "ko" ? "ko-KR" : "en-US"}>
      <a
        href="#content"
        className="absolute -top-20 left-2 z-50 rounded-lg bg-accent px-3 py-2 text-on-accent focus:top-2"
      >
        {t("skip")}
      </a>
      <div className="flex min-h-dvh flex-col min-[1100px]:h-dvh">
        <header className="flex min-h-14 shrink-0 items-center gap-2 border-b max-sm:flex-wrap max-sm:gap-y-0 max-sm:pt-1.5 border-line bg-surface px-3 sm:gap-5 sm:px-5">
          <Link to="/" aria-label={t("name")} className="flex items-center gap-2 rounded font-bold tracking-tight">
            <img src="/icon.svg" alt="" width={24} height={24} />
            <span className="max-md:sr-only">{t("name")}</span>
          </Link>
          <nav aria-label={t("menu")} className="flex min-w-0 gap-0.5 max-sm:order-last max-sm:w-full max-sm:pb-1">
            {PAGES.map(({ to, word }) => (
              <Link
                key={to}
                to={to}
                activeOptions={{ exact: to === "/" }}
                className="rounded-lg px-2 py-1.5 text-sm whitespace-nowrap text-soft hover:bg-sunken aria-[current=page]:font-semibold aria-[current=page]:text-ink sm:px-3"
              >
                {t(word)}
              </Link>
            ))}
          </nav>
          <span className="flex-1" />
          <Tools />
        </header>
        <Outlet />
      </div>
      <Sheets />
    </I18nProvider>
  );
}

function Tools() {
  const { t, language } = useWords();
  const show = useFrame((frame) => frame.show);
  return (
    <div className="flex items-center">
      <Connection />
      <IconButton
        icon="search"
        label={t("palette")}
        keys="Ctrl K"
        onPress={() => show("palette")}
        className="max-sm:!hidden"
      />
      <IconButton
        icon="keyboard"
        label={t("shortcuts")}
        keys="?"
        onPress={() => show("sheet")}
        className="max-sm:!hidden"
      />
      <Me />
      <ThemeButton />
      <Button look="quiet" onPress={() => void setLanguage(language === "ko" ? "en" : "ko")} className="!px-2">
        <span lang={language === "ko" ? "en" : "ko"}>{language === "ko" ? "English" : "한국어"}</span>
      </Button>
    </div>
  );
}

/** Whether numbers come by themselves. */
function Connection() {
  const { t } = useWords();
  const connected = useCounting((now) => now.connected);
  const state = useCounting((now) => now.state);
  if (state === "empty" && !connected) return null;
  return (
    <span
      role="img"
      aria-label={t(connected ? "connected" : "reconnecting")}
      title={t(connected ? "connected" : "reconnecting")}
      className="mr-1 flex size-6 items-center justify-center"
    >
      <span className={`size-2 rounded-full ${connected ? "bg-good" : "animate-pulse bg-warn"}`} />
    </span>
  );
}

const isDarkNow = () => {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  return (document.documentElement.dataset.theme ?? system) === "dark";
};

function ThemeButton() {
  const { t } = useWords();
  const [dark, setDark] = useState(isDarkNow);
  const toggle = () => {
    const next = dark ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    setDark(!dark);
  };
  return <IconButton icon={dark ? "sun" : "moon"} label={t(dark ? "theme_light" : "theme_dark")} onPress={toggle} />;
}
