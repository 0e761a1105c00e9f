# The relay with objects of a release that nobody could call by name: without entry.js,
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
    (name = "index.js", esModule = embed "../../../edge/build/index.js"),
    (name = "index_bg.wasm", wasm = embed "../../../edge/build/index_bg.wasm"),
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
