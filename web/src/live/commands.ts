/** Commands under way. Each has a key, and goes again under the same key until it is answered. */
import type { Ack, Answer, CommandName, JsonObject, Payload, Refusal, RefusalCode } from './protocol';

export class Refused extends Error {
  readonly code: RefusalCode;
  readonly retryAfter?: number;
  readonly data?: JsonObject;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.retryAfter = refusal.retry_after;
    this.data = refusal.data;
  }
}

/** Sends one event and gives its ack; rejects when no ack came (time-out, or the connection was lost). */
export type Emit = (name: CommandName, payload: object) => Promise<Ack>;

interface Waiting {
  name: CommandName;
  payload: object;
  inFlight: boolean;
  resolve: (data: JsonObject) => void;
  reject: (refusal: Refused) => void;
}

const LONGEST_WAIT_S = 10;

export class Commands {
  private readonly waiting = new Map<string, Waiting>();
  private emit: Emit | null = null;

  /** There is a session: everything unanswered goes (again). */
  online(emit: Emit): void {
    this.emit = emit;
    for (const key of this.waiting.keys()) void this.attempt(key);
  }

  offline(): void {
    this.emit = null;
  }

  /** The session is over for good: what waits will not be answered. */
  abandon(refusal: Refusal): void {
    this.offline();
    for (const command of this.waiting.values()) command.reject(new Refused(refusal));
    this.waiting.clear();
  }

  get size(): number {
    return this.waiting.size;
  }

  send<N extends CommandName>(name: N, payload: Payload<N>, key: string): Promise<Answer<N>> {
    return new Promise((resolve, reject) => {
      const answered = (data: JsonObject): void => resolve(data as Answer<N>);
      this.waiting.set(key, { name, payload: { ...payload, key }, inFlight: false, resolve: answered, reject });
      void this.attempt(key);
    });
  }

  private async attempt(key: string): Promise<void> {
    const command = this.waiting.get(key);
    const emit = this.emit;
    if (!command || !emit || command.inFlight) return;
    command.inFlight = true;
    const ack = await emit(command.name, command.payload).catch(() => null);
    command.inFlight = false;
    if (ack) this.answered(key, command, ack);
    else if (this.emit) void this.attempt(key);
  }

  private answered(key: string, command: Waiting, ack: Ack): void {
    if (!ack.ok && ack.error.code === 'rate.limited' && (ack.error.retry_after ?? Infinity) <= LONGEST_WAIT_S) {
      setTimeout(() => void this.attempt(key), (ack.error.retry_after ?? 1) * 1000);
      return;
    }
    this.waiting.delete(key);
    if (ack.ok) command.resolve(ack.data);
    else command.reject(new Refused(ack.error));
  }
}
