import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps, Tooltip, TooltipTrigger } from "react-aria-components";
import { Icon, type IconName } from "./icons";

const LOOKS = {
  main: "bg-accent text-on-accent font-semibold data-hovered:opacity-90 data-pressed:opacity-80",
  plain: "border border-line bg-surface text-ink data-hovered:bg-sunken data-pressed:bg-sunken",
  quiet: "text-soft data-hovered:bg-sunken data-hovered:text-ink data-pressed:bg-sunken",
  danger: "bg-danger text-canvas font-semibold data-hovered:opacity-90",
} as const;

type Look = keyof typeof LOOKS;

const SHAPE =
  "inline-flex items-center justify-center gap-1.5 rounded-lg whitespace-nowrap transition-colors duration-100 data-disabled:opacity-45";

/** A button with words. */
export function Button({
  look = "plain",
  className = "",
  ...props
}: ButtonProps & { look?: Look; className?: string }) {
  return <AriaButton {...props} className={`${SHAPE} ${LOOKS[look]} h-8 px-3 text-sm ${className}`} />;
}

type IconButtonProps = Omit<ButtonProps, "children"> & {
  icon: IconName;
  label: string;
  keys?: string;
  size?: number;
  className?: string;
};

/** A button that is a picture; its name shows when it is pointed at or focused. */
export function IconButton({ icon, label, keys, size = 16, className = "", ...props }: IconButtonProps) {
  return (
    <Tip text={label} keys={keys}>
      <AriaButton {...props} aria-label={label} className={`${SHAPE} ${LOOKS.quiet} size-8 ${className}`}>
        <Icon name={icon} size={size} />
      </AriaButton>
    </Tip>
  );
}

/** What a thing is called, shown beside it. */
export function Tip({ text, keys, children }: { text: string; keys?: string; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <Tooltip
        offset={6}
        className="max-w-72 rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-pop data-entering:opacity-0 transition-opacity"
      >
        {text}
        {keys && <kbd className="ml-2 opacity-70">{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
