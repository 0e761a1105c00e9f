# The relay on one machine: the same modules, bindings and compatibility date as on Cloudflare (wrangler.toml).
# `cargo xtask serve` starts it; addresses, folders and secrets are handed in.

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
    (name = "entry.js", esModule = embed "entry.js"),
    (name = "build/index.js", esModule = embed "build/index.js"),
    (name = "build/index_bg.wasm", wasm = embed "build/index_bg.wasm"),
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
    (name = "COMMESSO_PACE", fromEnvironment = "COMMESSO_PACE"),
    (name = "COMMESSO_COOKIES", fromEnvironment = "COMMESSO_COOKIES"),
    (name = "COMMESSO_RESTORED", fromEnvironment = "COMMESSO_RESTORED"),
  ],
);
