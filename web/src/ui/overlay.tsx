import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  Modal as AriaModal,
  Popover as AriaPopover,
  Dialog,
  Heading,
  type MenuItemProps,
  type MenuProps,
  ModalOverlay,
  type PopoverProps,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { IconButton } from "./button";

const SHEET = "rounded-xl border border-line bg-raised text-ink shadow-pop";

/** A small sheet beside what opened it. */
export function Popover({ className = "", ...props }: PopoverProps & { className?: string }) {
  return (
    <AriaPopover
      offset={6}
      containerPadding={8}
      {...props}
      className={`${SHEET} max-w-[calc(100vw-16px)] overflow-auto slim-scroll transition-opacity duration-100 data-entering:opacity-0 data-exiting:opacity-0 ${className}`}
    />
  );
}

/** A list of things to do. */
export function Menu<T extends object>({ className = "", ...props }: MenuProps<T> & { className?: string }) {
  return (
    <Popover>
      <AriaMenu {...props} className={`min-w-44 p-1 outline-none ${className}`} />
    </Popover>
  );
}

export function MenuItem({
  keys,
  danger,
  children,
  ...props
}: MenuItemProps & { keys?: string; danger?: boolean; children: ReactNode }) {
  return (
    <AriaMenuItem
      {...props}
      textValue={props.textValue ?? String(children)}
      className={`flex h-8 items-center gap-2 rounded-md px-2.5 text-sm outline-none data-focused:bg-tint data-disabled:opacity-45 ${danger ? "text-danger" : ""}`}
    >
      <span className="flex-1">{children}</span>
      {keys && <kbd className="text-xs text-faint">{keys}</kbd>}
    </AriaMenuItem>
  );
}

type ModalProps = { title: string; isOpen: boolean; onClose: () => void; wide?: boolean; children: ReactNode };

/** A sheet over the page that has to be answered or put away. */
export function Modal({ title, isOpen, onClose, wide, children }: ModalProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isDismissable
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      className="fixed inset-0 z-50 flex items-start justify-center overflow-auto bg-black/40 p-3 pt-[8vh] transition-opacity data-entering:opacity-0 data-exiting:opacity-0"
    >
      <AriaModal className={`${SHEET} w-full ${wide ? "max-w-3xl" : "max-w-lg"}`}>
        <Dialog className="flex max-h-[84vh] flex-col outline-none">
          <header className="flex items-center gap-2 border-b border-line py-2.5 pr-2.5 pl-5">
            <Heading slot="title" className="flex-1 text-lg font-semibold">
              {title}
            </Heading>
            <IconButton icon="close" label={t("close")} onPress={onClose} />
          </header>
          <div className="slim-scroll overflow-auto p-5">{children}</div>
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
