const HEADER_END = '\r\n\r\n';

/** A whole HTTP request as it came, and its body as text. */
export interface WholeRequest {
  readonly bytes: Buffer;
  readonly body: string;
}

/**
 * Cuts the bytes of a connection into HTTP/1.1 requests with a Content-Length. No more of HTTP
 * is needed between an indexer and its node, and Node's own server costs four times as much.
 */
export class RequestCutter {
  #waiting: Buffer = Buffer.alloc(0);

  /** Takes in bytes. @returns the requests that are complete now */
  push(chunk: Buffer): WholeRequest[] {
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    const requests: WholeRequest[] = [];
    for (;;) {
      const headerLength = this.#waiting.indexOf(HEADER_END);
      if (headerLength < 0) return requests;
      const header = this.#waiting.toString('latin1', 0, headerLength);
      const bodyLength = Number(/^content-length: *(\d+)/im.exec(header)?.[1] ?? 0);
      const start = headerLength + HEADER_END.length;
      const end = start + bodyLength;
      if (this.#waiting.length < end) return requests;
      const bytes = this.#waiting.subarray(0, end);
      requests.push({ bytes, body: this.#waiting.toString('utf8', start, end) });
      this.#waiting = this.#waiting.subarray(end);
    }
  }
}

/** An HTTP answer with a JSON body. */
export function jsonAnswer(body: unknown): Buffer {
  const text = JSON.stringify(body);
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}${HEADER_END}${text}`,
  );
}
