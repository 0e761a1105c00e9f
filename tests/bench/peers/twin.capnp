# The JavaScript twin, on the same runtime, date and kind of disk as the relay (edge/workerd.capnp).

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "twin", worker = .twin),
    (name = "data", disk = (writable = true)),
    (name = "site", disk = (writable = false)),
  ],
  sockets = [
    (name = "http", http = (style = host), service = "twin"),
  ],
);

const twin :Workerd.Worker = (
  compatibilityDate = "2026-04-07",
  modules = [(name = "twin.mjs", esModule = embed "twin.mjs")],
  durableObjectNamespaces = [
    (className = "Twin", uniqueKey = "twin", enableSql = true),
    (className = "Shop", uniqueKey = "shop", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "data"),
  bindings = [
    (name = "TWIN", durableObjectNamespace = "Twin"),
    (name = "SHOP", durableObjectNamespace = "Shop"),
  ],
);
