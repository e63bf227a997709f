/** The dialog of keys. */
import { useEffect, useRef } from "preact/hooks";
import { pages } from "../pages/index.ts";

export function Help({ isOpen, close }: { readonly isOpen: boolean; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="keys-title">
      <header class="dialog-head">
        <h2 id="keys-title">Keys</h2>
        <button type="button" class="plain" onClick={close} aria-label="Close">
          ✕
        </button>
      </header>
      <div class="dialog-body">
        <dl class="keys">
          {pages.map(({ key, name, title }) => (
            <>
              <dt key={`${name}-key`}>
                <kbd>g</kbd> <kbd>{key}</kbd>
              </dt>
              <dd key={name}>{title}</dd>
            </>
          ))}
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Find an event or a transaction</dd>
          <dt>
            <kbd>j</kbd> <kbd>k</kbd>
          </dt>
          <dd>Next and previous row; Enter opens it</dd>
          <dt>
            <kbd>t</kbd>
          </dt>
          <dd>Light, dark, or as the system has it</dd>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>These keys</dd>
        </dl>
        <p class="soft small">
          Whatever a button does here, a command does in the terminal: <code>npm run cli -- --help</code>.
        </p>
      </div>
    </dialog>
  );
}
