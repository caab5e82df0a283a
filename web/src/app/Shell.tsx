import { Link, Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { I18nProvider } from "react-aria-components";
import { Button, IconButton } from "@/ui/button";
import { setLanguage, useWords } from "./language";
import { Me } from "./Me";

/** What stands around every page. */
export function Shell() {
  const { t, language } = useWords();
  return (
    <I18nProvider locale={language === "ko" ? "ko-KR" : "en-US"}>
      <a
        href="#content"
        className="absolute -top-20 left-2 z-50 rounded-lg bg-accent px-3 py-2 text-on-accent focus:top-2"
      >
        {t("skip")}
      </a>
      <div className="flex min-h-dvh flex-col lg:h-dvh">
        <header className="flex h-12 shrink-0 items-center gap-4 border-b border-line bg-surface px-4">
          <Link to="/" className="flex items-center gap-2 rounded font-bold tracking-tight">
            <img src="/icon.svg" alt="" width={22} height={22} />
            {t("name")}
          </Link>
          <span className="flex-1" />
          <Me />
          <ThemeButton />
          <Button look="quiet" aria-label={t("language")} onPress={() => setLanguage(language === "ko" ? "en" : "ko")}>
            <span lang={language === "ko" ? "en" : "ko"}>{language === "ko" ? "English" : "한국어"}</span>
          </Button>
        </header>
        <Outlet />
      </div>
    </I18nProvider>
  );
}

const dark = () =>
  (document.documentElement.dataset.theme ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";

export function ThemeButton() {
  const { t } = useWords();
  const [isDark, setDark] = useState(dark);
  const toggle = () => {
    const next = isDark ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("theme", next);
    setDark(!isDark);
  };
  return (
    <IconButton icon={isDark ? "sun" : "moon"} label={t(isDark ? "theme_light" : "theme_dark")} onPress={toggle} />
  );
}
