/** The way in: API Gateway, its firewall, and the answers on their way out. */
import { Exact } from "../exact.ts";
import { bytesPerGb, type Item, type Month } from "../month.ts";

export function apiItems({ demand, infrastructure, shape }: Month): readonly Item[] {
  const { webFirewalls } = infrastructure;
  const rules = webFirewalls.reduce((sum, { rules: each }) => sum + each, 0);
  return [
    { service: "API Gateway", what: "requests", quantity: demand.posts, price: "api-gateway.rest-requests" },
    {
      service: "Data transfer",
      what: "answers to providers",
      quantity: demand.posts.times(shape.answerBytes).over(bytesPerGb),
      price: "transfer.out",
    },
    { service: "WAF", what: "web ACLs", quantity: Exact.of(webFirewalls.length), price: "waf.web-acls" },
    { service: "WAF", what: "rules", quantity: Exact.of(rules), price: "waf.rules" },
    { service: "WAF", what: "requests", quantity: demand.posts.times(webFirewalls.length), price: "waf.requests" },
  ];
}
