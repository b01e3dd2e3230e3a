import { clientGone, RequestRun, type RunLimits } from '../limits/turns/requestRun.js';
import { limitedAs } from './clients/clientAddress.js';
import type { Clients } from './clients/clients.js';
import type { Exchange } from './messages/exchange.js';

/** Begins the operations of clients, and charges them with what these take. */
export class Runs {
  constructor(
    private readonly limits: RunLimits,
    private readonly clients: Clients,
  ) {}

  /** One that came over HTTP: it is stopped if its client goes away before it is answered. */
  ofExchange({ client, response, runs }: Exchange): RequestRun {
    const onEnd = (event: RequestRun) => {
      // Events of a stream are charged one by one.
      if (event !== run) this.charge(client, event);
    };
    const [first] = runs;
    const run = new RequestRun(limitedAs(client), this.limits, onEnd, first?.whole);
    runs.push(run);
    if (first !== undefined) return run;
    response.once('close', () => {
      for (const each of runs) {
        if (!response.writableFinished) each.stop(clientGone());
        this.charge(client, each);
      }
    });
    return run;
  }

  /** One that came over a WebSocket. */
  ofSocket(client: string, onEnd: () => void): RequestRun {
    return new RequestRun(limitedAs(client), this.limits, (run) => {
      this.charge(client, run);
      onEnd();
    });
  }

  private charge(client: string, run: RequestRun): void {
    this.clients.charge(client, run.pointsTaken);
  }
}
