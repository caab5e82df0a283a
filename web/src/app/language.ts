/** The language of the page: Korean unless somebody chose English. */

import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Language } from "@/catalog/catalog";
import { ko } from "./words/ko";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    keySeparator: false;
    resources: { words: typeof ko };
  }
}

const KEY = "language";

/** English is fetched when it is chosen; Korean is there from the beginning. */
async function fetched(language: Language): Promise<void> {
  if (language === "ko" || i18next.hasResourceBundle("en", "words")) return;
  const { en } = await import("./words/en");
  i18next.addResourceBundle("en", "words", en);
}

export async function startLanguage(): Promise<void> {
  const chosen = localStorage.getItem(KEY) === "en" ? "en" : "ko";
  document.documentElement.lang = chosen;
  void i18next.use(initReactI18next).init({
    lng: chosen,
    fallbackLng: false,
    defaultNS: "words",
    ns: ["words"],
    resources: { ko: { words: ko } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  await fetched(chosen);
}

export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEY, language);
  await fetched(language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** The language in use and the words in it. */
export function useWords() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === "en" ? "en" : "ko";
  return { t, language };
}
