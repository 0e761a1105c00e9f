# The relay with objects that answer questions by their methods alone, on a disk that may fail (odd.mjs),
# otherwise as edge/workerd.capnp without what may be left out.

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "data", disk = (writable = true)),
    (name = "site", disk = (writable = false, allowDotfiles = false)),
  ],
  sockets = [
    (name = "http", http = (style = host), service = "edge"),
  ],
);

const edge :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = [
    (name = "odd.mjs", esModule = embed "odd.mjs"),
    (name = "entry.js", esModule = embed "../../../edge/entry.js"),
    (name = "build/index.js", esModule = embed "../../../edge/build/index.js"),
    (name = "build/index_bg.wasm", wasm = embed "../../../edge/build/index_bg.wasm"),
  ],
  durableObjectNamespaces = [
    (className = "ConversationObject", uniqueKey = "commesso-conversation", enableSql = true),
    (className = "ShopObject", uniqueKey = "commesso-shop", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "CONVERSATION", durableObjectNamespace = "ConversationObject"),
    (name = "SHOP", durableObjectNamespace = "ShopObject"),
    (name = "SITE", service = "site"),
    (name = "COMMESSO_ADMIN_SECRET", fromEnvironment = "COMMESSO_ADMIN_SECRET"),
    (name = "COMMESSO_TOKEN_KEYS", fromEnvironment = "COMMESSO_TOKEN_KEYS"),
  ],
);
