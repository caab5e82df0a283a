/** What may be asked, as the server tells it: filters, option lists, places and named windows, with quick look-ups. */

export type Language = "ko" | "en";
export type Labels = { key: string; ko: string; en: string; synonyms: string[] };
export type Category = "behavioral" | "transactional" | "profile" | "cross_sell";
export type Kind = "events" | "days" | "number" | "choice" | "ordered" | "choices";
export type Unit = "times" | "days" | "krw" | "years" | "permille" | "tenths" | "lines" | "option";
export type Operator =
  | "="
  | "!="
  | ">="
  | ">"
  | "<="
  | "<"
  | "between"
  | "in"
  | "not_in"
  | "has_all"
  | "only"
  | "within"
  | "not_within"
  | "top_percent"
  | "bottom_percent"
  | "known"
  | "unknown";
export type WindowKind = "last" | "next" | "days" | "calendar" | "named" | "between" | "ever" | "future";
export type Form = "options" | "places" | "range" | "stay" | "flag";

export type Measure = { key: string; ko: string; en: string; unit: Unit; unknown: string | null };
export type Property = Labels & { form: Form; options: string | null; one: boolean; meaning: string };
export type Cut = {
  key: string;
  ko: string;
  en: string;
  operator: Operator;
  value: unknown;
  measure: string | null;
  properties: Record<string, unknown>;
};
export type NotYet = { key: string; ko: string; en: string; reason: string };

export type Filter = Labels & {
  category: Category;
  kind: Kind;
  asks: { ko: string; en: string };
  measures: Measure[];
  operators: Operator[];
  options: string | null;
  places: boolean;
  windows: WindowKind[];
  default_window: { type: string; n?: number } | null;
  date: string | null;
  properties: Property[];
  cuts: Cut[];
  notyet: NotYet[];
  notes: string;
  sensitive: boolean;
};
export type Option = Labels & { sensitive: boolean };
export type OptionGroup = Labels & { members: string[] };
export type OptionList = { ordered: boolean; options: Option[]; groups: OptionGroup[] };
export type Place = Labels & { level: string; parent: string | null };

export type CatalogAnswer = {
  filters: Filter[];
  options: Record<string, OptionList>;
  places: Place[];
  seasons: Labels[];
};

export type Catalog = CatalogAnswer & {
  filter: Map<string, Filter>;
  place: Map<string, Place>;
  season: Map<string, Labels>;
  label: Map<string, Map<string, Labels>>;
};

export const CATEGORIES: Category[] = ["behavioral", "transactional", "profile", "cross_sell"];

/** The catalog with its look-ups. */
export function catalogOf(answer: CatalogAnswer): Catalog {
  const keyed = <T extends { key: string }>(list: T[]) => new Map(list.map((each) => [each.key, each]));
  return {
    ...answer,
    filter: keyed(answer.filters),
    place: keyed(answer.places),
    season: keyed(answer.seasons),
    label: new Map(
      Object.entries(answer.options).map(([name, list]) => [name, keyed<Labels>([...list.options, ...list.groups])]),
    ),
  };
}

/** How an option or place of a filter or property is called; its key where it is not known. */
export function optionLabel(catalog: Catalog, list: string | null, key: string, language: Language): string {
  const found = (list ? catalog.label.get(list)?.get(key) : undefined) ?? catalog.place.get(key);
  return found ? found[language] : key;
}

/** The measure a condition compares: the one it names, or its filter's first. */
export function measureOf(filter: Filter, key: string | undefined): Measure {
  return filter.measures.find((each) => each.key === key) ?? (filter.measures[0] as Measure);
}

/** How a line of a filter's facet is called. */
export const lineLabel = (filter: Filter, key: string, language: Language): string =>
  filter.cuts.find((cut) => cut.key === key)?.[language] ?? key;
