// What a page can ask of the chat. Served by every relay as /commesso.d.ts; the examples at /docs/sdk run.
//
// Every call is legal at any time, in any order, as often as you like; none throws. What is said here of each is what it does
// today and nothing more.

/** The tag's attributes, as `data-…` in the page (`mobileOffset` is `data-mobile-offset`). What of the looks is written wrongly is said in
 * the console, once somebody opens the chat. */
interface CommessoAttributes extends CommessoLooks {
  /** Your shop's id. The only one that must be there. */
  shop: string;
  /** For our style element under a strict `style-src`, in browsers without style sheet objects (Safari before 16.4). */
  nonce?: string;
  /** A selector of your own button; ours is then hidden. */
  launcher?: string;
  /** `false`: nothing is drawn until `show` or `open`. */
  autostart?: "false";
  /** `false`: shoppers attach no pictures and papers. What your shop sends is shown all the same. */
  files?: "false";
  /** `required`: nothing is drawn, stored or asked of the relay until `commesso("consent", "granted")`. */
  consent?: "required";
  /** What the shop says first, at the launcher, to who is new: once in a visit, and never again once it was closed. Plain text, 200
   * characters at most. */
  greeting?: string;
  /** After how many seconds in sight; 20 by default. */
  greetingAfter?: number | string;
  /** Only where the page's path fits, such as `/moka/*` (`*` is anything). */
  greetingOn?: string;
}

/** What the chat looks like. */
interface CommessoLooks {
  /** A language tag such as `it`. Otherwise the page's `lang`, then the browser's. */
  locale?: string;
  /** `#rrggbb`. Otherwise the shop's, once known. */
  color?: string;
  /** `auto` follows the shopper's device. Otherwise the shop's, once known. */
  theme?: CommessoTheme;
  /** Which corner: `right` by default. */
  position?: "left" | "right";
  /** The distance from the corner in px: one number, or two (sideways, up). 20 by default. */
  offset?: number | string;
  /** The same on screens narrower or lower than 480 px, where shops have a bar at the bottom; read when the launcher is drawn. */
  mobileOffset?: number | string;
  /** How far in front. 2000000000 by default. */
  zIndex?: number | string;
}

type CommessoTheme = "light" | "dark" | "auto";

/** Ends a listener. Nothing, when the call waited in a queue for the chat to load. */
type CommessoEnd = void | (() => void);

interface CommessoEvents {
  /** The tag has run: the launcher is there, the chat is not yet loaded. */
  ready: null;
  /** The chat is loaded and in its place. */
  chat: null;
  open: null;
  close: null;
  /** How many messages the shopper has not seen. */
  unread: number;
  /** Somebody has written. Never what. */
  message: { from: "visitor" | "operator" };
  /** Somebody wants to chat, and the shopper has not agreed yet (`data-consent`). */
  consent: null;
  /** What became of the shop's first words (`greet`): they are seen, were closed, or the chat was opened instead. */
  greet: "shown" | "closed" | "taken";
  receipt: CommessoReceipt;
}

/** What the chat has cost this page, as the browser has measured it. What it does not measure is `null`. */
interface CommessoReceipt {
  /** Compressed bytes of the tag's file, and of everything that is loaded for the chat when somebody reaches for it. */
  bytes: { before: number | null; after: number | null };
  /** Tasks of over 50 ms while the chat was loading, whoever's they were (Chromium only). */
  longTasks: number | null;
  /** The longest of them in ms. */
  longestTask: number | null;
  /** From the request for the chat to the chat in its place, in ms. */
  ready: number;
}

/** A value that could be written as JSON. */
type CommessoValue = string | number | boolean | null | CommessoValue[] | { [name: string]: CommessoValue };

/** What is in the cart. Amounts are in the currency's smallest unit: 4990 is €49.90. What a cart has beside is shown as it is. */
interface CommessoCart {
  /** What was chosen. 14 are shown. */
  lines?: { name?: string; sku?: string; quantity?: number; price?: number }[];
  /** What it comes to. */
  total?: number;
  /** As in ISO 4217: `EUR`. */
  currency?: string;
  [beside: string]: CommessoValue | CommessoCart["lines"] | undefined;
}

interface Commesso {
  /** Opens the panel; loads the chat, if it is not there yet. */
  (call: "open"): void;
  /** Closes the panel. */
  (call: "close"): void;
  /** Opens or closes the panel. */
  (call: "toggle"): void;
  /** Shows the launcher. */
  (call: "show"): void;
  /** Closes the panel and hides the launcher. */
  (call: "hide"): void;
  /** Takes everything away. The tag may be added again, and what the device keeps stays. */
  (call: "destroy"): void;
  /** Forgets the visitor of this device: pass, conversation, drafts, the words in the composer. The chat is as at the start. Other tabs
   * begin anew as well; where the chat was not opened yet, when it is. */
  (call: "logout"): void;
  /** Changes the looks at once. Every other name is an attribute of the shopper, which the operator sees beside the conversation, as what
   * the page says and nobody has proved (`identify` proves it); `undefined` and `null` take it back. What is in `attributes` is none of the looks, whatever its
   * name. It is sent once there is a conversation. 15 are shown. */
  (call: "set", changes: CommessoLooks & { attributes?: { [name: string]: CommessoValue | undefined } } & { [attribute: string]: CommessoValue | undefined }): void;
  /** Which page the shopper is on, where the address alone does not say, until the address changes. The operator sees it from the next message
   * on, or at once in an open conversation. Without its query and fragment. */
  (call: "page", url: string, title?: string): void;
  /** Who is signed in at your shop: a token that your own server has signed (see /docs/sdk#identify), or a function that answers with one, which
   * is asked whenever one is needed; tokens live for ten minutes. Say it on each page. The operator reads it as verified, with all that this
   * device has said. It is sent once the chat is loaded: somebody has reached for it, now or before. Where this device was proved to be
   * somebody else, the chat begins anew, as after `logout`, which your page calls where somebody signs out. Where the browser keeps nothing,
   * nobody is proved. */
  (call: "identify", who: string | (() => string | Promise<string>)): void;
  /** What is in the cart, for the operator to see; the last one counts, and `null` is none. Of several that are
   * said while the page loads, any may be the last. */
  (call: "cart", snapshot: CommessoCart | CommessoValue): void;
  /** What the shopper did, for the operator to see: words, or a `name` with details. The last 10 are shown. */
  (call: "track", event: CommessoValue): void;
  /** Puts words into the composer, if it is empty. Nothing is sent, stored or opened until the shopper does something with them. */
  (call: "prefill", words: string): void;
  /** The language. A chat that is loaded starts again with it; what was being written stays. */
  (call: "locale", code: string): void;
  /** Light or dark, at once. */
  (call: "theme", theme: CommessoTheme): void;
  /** What the shopper has answered. `granted` or `true`, in any case, draws the chat. Anything else takes it off the page and removes what was stored
   * on the device; the tag remembers nothing of it: say it on each page. */
  (call: "consent", state: "granted" | "denied" | boolean): void;
  /** Hides the launcher while something that fits the selector is seen in its place or has the focus. Without one: open dialogs, that is
   * `dialog[open], [aria-modal=true]`. It watches the page's changes from then on, one look per frame. */
  (call: "avoid", selector?: string): void;
  /** Says a few words at the launcher, at once or `after` seconds in sight, on pages whose path fits `on`. It is the tag's `greeting`, where
   * the page knows better when and what; the same caps hold: once in a visit, never again once it was closed, not while the chat is open,
   * not to who has a conversation. An empty text takes away what is shown. Nothing is sent; one word is stored when it is shown. */
  (call: "greet", text: string, when?: { after?: number; on?: string }): void;
  /** Hears an event, which also happens on `document` as `commesso:` and its name. `receipt` is measured only where it is asked for in
   * this way. */
  <Name extends keyof CommessoEvents>(call: "on", name: Name, heard: (detail: CommessoEvents[Name]) => void): CommessoEnd;
  /** There once the tag has run. */
  ready?: Promise<Commesso>;
  /** Calls from before that. */
  q?: ArrayLike<unknown>[];
}

declare var commesso: Commesso;

interface Window {
  commesso?: Commesso;
}

interface DocumentEventMap {
  "commesso:ready": CustomEvent<null>;
  "commesso:chat": CustomEvent<null>;
  "commesso:open": CustomEvent<null>;
  "commesso:close": CustomEvent<null>;
  "commesso:unread": CustomEvent<number>;
  "commesso:message": CustomEvent<CommessoEvents["message"]>;
  "commesso:consent": CustomEvent<null>;
  "commesso:greet": CustomEvent<CommessoEvents["greet"]>;
  "commesso:receipt": CustomEvent<CommessoReceipt>;
}
