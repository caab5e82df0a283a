import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Select,
  SelectValue,
  ToggleButton,
  ToggleButtonGroup,
} from "react-aria-components";
import { Icon } from "@/ui/icons";
import { Popover } from "@/ui/overlay";

export type Item = { key: string; name: string };
type Props = { label: string; items: Item[]; value: string; onChange: (key: string) => void; hidden?: boolean };

/** One of many, in a list that opens. */
export function Choice({ label, items, value, onChange, hidden }: Props) {
  return (
    <Select
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      className="flex min-w-0 flex-col gap-1"
    >
      <Label className={hidden ? "sr-only" : "text-xs font-medium text-soft"}>{label}</Label>
      <Button className="flex h-8 items-center gap-2 rounded-lg border border-strong bg-surface px-2.5 text-sm data-hovered:bg-sunken">
        <SelectValue className="flex-1 truncate text-left" />
        <Icon name="down" size={13} className="text-faint" />
      </Button>
      <Popover className="min-w-(--trigger-width)">
        <ListBox
          items={items.map((item) => ({ ...item, id: item.key }))}
          className="max-h-80 overflow-auto p-1 outline-none"
        >
          {(item) => (
            <ListBoxItem
              id={item.key}
              textValue={item.name}
              className="flex h-8 items-center rounded-md px-2 text-sm outline-none data-focused:bg-tint data-selected:font-semibold data-selected:text-accent"
            >
              {item.name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** One of a few, all in sight. */
export function Segments({ label, items, value, onChange }: Props) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => onChange(String([...keys][0]))}
      className="flex flex-wrap gap-1"
    >
      {items.map((item) => (
        <ToggleButton
          key={item.key}
          id={item.key}
          className="h-7 rounded-full border border-line px-2.5 text-xs text-soft data-hovered:bg-sunken data-selected:border-accent data-selected:bg-tint data-selected:font-semibold data-selected:text-accent"
        >
          {item.name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
