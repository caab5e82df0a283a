/** The language of the page: Korean unless somebody chose English. */

import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Language } from "@/catalog/catalog";
import { en } from "./words/en";
import { ko } from "./words/ko";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "words";
    keySeparator: false;
    resources: { words: typeof ko };
  }
}

const KEY = "language";

export function startLanguage(): void {
  const chosen = localStorage.getItem(KEY) === "en" ? "en" : "ko";
  document.documentElement.lang = chosen;
  void i18next.use(initReactI18next).init({
    lng: chosen,
    fallbackLng: false,
    defaultNS: "words",
    ns: ["words"],
    resources: { ko: { words: ko }, en: { words: en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  });
}

export function setLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

/** The language in use and the words in it. */
export function useWords() {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === "en" ? "en" : "ko";
  return { t, language };
}
