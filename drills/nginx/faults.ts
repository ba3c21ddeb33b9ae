import type { Fault } from "../faults";

export const NGINX_FAULTS: readonly Fault[] = [
  {
    says: "the balancer waits a minute for a server",
    file: "templates/balancer/nginx.conf",
    patches: [["proxy_read_timeout 12s", "proxy_read_timeout 60s"]],
    phase: "balanced/frozen",
    promise: "bounded",
  },
  {
    says: "a POST that timed out is sent to another server",
    file: "templates/balancer/nginx.conf",
    patches: [
      ["error timeout http_502 http_503 http_504;", "error timeout non_idempotent http_502 http_503 http_504;"],
    ],
    phase: "balanced/frozen-app",
    promise: "writes",
  },
  {
    says: "nothing is sent to another server",
    file: "templates/balancer/nginx.conf",
    patches: [["proxy_next_upstream error timeout http_502 http_503 http_504;", "proxy_next_upstream off;"]],
    phase: "balanced/power",
    promise: "get",
  },
  {
    says: "the balancer does not ask the servers to refuse what nobody has seen",
    file: "templates/balancer/nginx.conf",
    patches: [["proxy_set_header X-Retry-Elsewhere 570;", ""]],
    phase: "balanced/refusing",
    promise: "all",
  },
  {
    says: "a server stops without a goodbye",
    file: "templates/app/setup.sh",
    patches: [["systemctl start billybully-leave", "systemctl disable billybully-leave"]],
    phase: "balanced/server-replaced",
    promise: "all",
  },
  {
    says: "nginx waits a minute for the app",
    file: "templates/app/nginx.conf",
    patches: [["proxy_read_timeout 10s;", "proxy_read_timeout 60s;"]],
    phase: "single/frozen",
    promise: "bounded",
  },
  {
    says: "the unit of the app does not start it again",
    file: "templates/app/billybully-app@.service",
    patches: [["Restart=always", "Restart=no"]],
    phase: "single/killed",
    promise: "share",
  },
  {
    says: "nginx is restarted where its servers change",
    file: "templates/balancer/apply.sh",
    patches: [["systemctl reload-or-restart nginx", "systemctl restart nginx"]],
    phase: "balanced/resized",
    promise: "new",
  },
  {
    says: "servers that are all left alone are asked nothing",
    file: "templates/balancer/nginx.conf",
    patches: [["    error_page 502 = @anyone;\n", ""]],
    phase: "balanced/long",
    promise: "others",
  },
];
