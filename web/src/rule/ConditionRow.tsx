import { Button, Dialog, DialogTrigger, MenuTrigger } from "react-aria-components";
import { useWords } from "@/app/language";
import { COLOUR } from "@/catalog/CatalogPanel";
import type { Catalog, Filter } from "@/catalog/catalog";
import { Tip } from "@/ui/button";
import { Icon } from "@/ui/icons";
import { Menu, MenuItem, Popover } from "@/ui/overlay";
import { SlotEditor } from "./editors/fetched";
import { TEAM, withProperty } from "./making";
import { type Part, partsOf } from "./sentence";
import { useBuilder } from "./store";
import { type Condition, isComplete, type PropertyValue } from "./tree";
import type { Edits } from "./useEdits";

type Props = { condition: Condition; catalog: Catalog; edits: Edits };

/** A condition read as a sentence whose slots are buttons. */
export function ConditionRow({ condition, catalog, edits }: Props) {
  const { t, language } = useWords();
  const filter = catalog.filter.get(condition.filter);
  if (!filter) return <span className="text-danger">{condition.filter}</span>;
  const parts = partsOf(condition, catalog, language);
  return (
    <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-1.5 gap-y-1 py-1">
      <Icon name={filter.category} className={COLOUR[filter.category]} />
      {parts.map((part) =>
        part.slot ? (
          <SlotButton key={part.slot} part={part} slot={part.slot} {...{ condition, catalog, edits, filter }} />
        ) : (
          <span key="name" className="text-sm font-medium">
            {part.text}
          </span>
        ),
      )}
      {condition.id === TEAM ? (
        <span className="rounded-full border border-line px-2 text-xs text-soft">{t("team_default")}</span>
      ) : (
        <AddProperty {...{ condition, catalog, edits, filter }} />
      )}
    </span>
  );
}

type SlotProps = Props & { filter: Filter; part: Part; slot: string };

function SlotButton({ condition, catalog, edits, filter, part, slot }: SlotProps) {
  const { t } = useWords();
  const isOpen = useBuilder((state) => state.slot?.node === condition.id && state.slot.slot === slot);
  const openSlot = useBuilder((state) => state.openSlot);
  const missing = slot === "value" && !isComplete(condition);
  const look = missing
    ? "border-warn bg-warn-tint text-warn"
    : part.assumed
      ? "border-dashed border-strong text-soft"
      : "border-transparent bg-tint text-accent";
  const button = (
    <Button
      className={`inline-flex min-h-6 items-center rounded-md border px-1.5 text-left text-sm font-medium data-hovered:border-accent ${look}`}
    >
      {missing ? t("incomplete") : part.text}
      {part.assumed && <span className="sr-only"> ({t("assumed")})</span>}
    </Button>
  );
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={(open) => openSlot(open ? { node: condition.id, slot } : null)}>
      {part.assumed ? <Tip text={t("assumed_long")}>{button}</Tip> : button}
      <Popover>
        <Dialog aria-label={`${part.text} · ${filter.ko}`} className="p-3 outline-none">
          <SlotEditor {...{ catalog, condition, filter, slot, edits }} onClose={() => openSlot(null)} />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** What a property that was just added begins with. */
const FIRST: Record<string, PropertyValue | undefined> = {
  flag: true,
  range: { min: 1 },
  stay: { relation: "in", window: { type: "next", n: 30 } },
};

function AddProperty({ condition, catalog, edits, filter }: Props & { filter: Filter }) {
  const { t, language } = useWords();
  const openSlot = useBuilder((state) => state.openSlot);
  const adding = useBuilder((state) => (state.slot?.node === condition.id ? state.slot.slot : null));
  const given = condition.properties ?? {};
  const free = filter.properties.filter((property) => !(property.key in given));
  if (filter.properties.length === 0) return null;
  const pending = free.find((property) => adding === `property:${property.key}`);
  const add = (key: string) => {
    const property = free.find((each) => each.key === key);
    if (!property) return;
    const slot = `property:${key}`;
    const first = FIRST[property.form];
    if (first) edits.change(condition.id, slot, (now) => withProperty(now, key, first));
    if (property.form !== "flag") openSlot({ node: condition.id, slot });
  };
  return (
    <>
      <MenuTrigger>
        <Button
          aria-label={t("add_property")}
          className="flex size-6 items-center justify-center rounded-md text-faint data-hovered:bg-sunken data-hovered:text-ink"
        >
          <Icon name="plus" size={13} />
        </Button>
        <Menu
          aria-label={t("add_property")}
          onAction={(key) => add(String(key))}
          items={free.map((each) => ({ ...each, id: each.key }))}
        >
          {(property) => <MenuItem textValue={property[language]}>{property[language]}</MenuItem>}
        </Menu>
      </MenuTrigger>
      {pending && (
        <DialogTrigger isOpen onOpenChange={(open) => open || openSlot(null)}>
          <Button className="min-h-6 rounded-md border border-accent px-1.5 text-sm text-accent">
            {pending[language]}
          </Button>
          <Popover>
            <Dialog aria-label={pending[language]} className="p-3 outline-none">
              <SlotEditor
                {...{ catalog, condition, filter, edits }}
                slot={`property:${pending.key}`}
                onClose={() => openSlot(null)}
              />
            </Dialog>
          </Popover>
        </DialogTrigger>
      )}
    </>
  );
}
