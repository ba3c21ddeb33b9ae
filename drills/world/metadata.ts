import { createServer, type Server } from "node:http";

const TOKEN = "a-token-of-version-two";

/** Instance metadata, for whichever machine asks: `answer(address, path)` has its text, nothing is 404. */
export async function serveMetadata(
  address: string,
  answer: (from: string, path: string) => string | undefined,
): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const reply = (status: number, text: string): void => {
      response.writeHead(status).end(text);
    };
    if (request.method === "PUT" && path === "/latest/api/token") reply(200, TOKEN);
    else if (request.headers["x-aws-ec2-metadata-token"] !== TOKEN) reply(401, "");
    else {
      const text = answer(request.socket.remoteAddress ?? "", path.replace("/latest/meta-data/", ""));
      reply(text === undefined ? 404 : 200, text ?? "");
    }
  });
  await new Promise<void>((resolve) => server.listen(80, address, resolve));
  return server;
}
