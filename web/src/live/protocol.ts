/** The wire's shapes under the names that the pages use, all of them made from the server's schemas. */
import type { components } from '@/generated/api';
import type { components as live } from '@/generated/protocol';
import type { Json, JsonObject } from './json';

export type { Json, JsonObject };

type Live = live['schemas'];

export type Actor = components['schemas']['Who'];
export type Frame = Live['Fact'];
export type Signal = Live['Signals'][keyof Live['Signals']];
export type Member = Live['Member'];
export type Comings = Live['Comings'];
export type ServiceEvents = Live['ServiceEvents'];
export type RoomReset = Live['RoomReset'];
export type JoinAck = Live['Joined'];
export type Refusal = Live['Refusal'];
export type RefusalCode = Refusal['code'];
export type ConflictData = Live['Conflict'];

type Schemas = components['schemas'];

/** As views have it: what is not set or not to be seen is absent, never null. */
type Seen<T> = T extends (infer Item)[]
  ? Seen<Item>[]
  : T extends object
    ? { [K in keyof T]: Seen<Exclude<T[K], null>> }
    : T;

type With<T, K extends keyof T> = T & Required<Pick<T, K>>;

export type Money = Schemas['Money'];
export type Me = Schemas['Me'];
export type Role = Me['role'];
export type InboxItem = Seen<Schemas['NotificationView']>;
export type Announcement = Schemas['AnnouncementView'];
export type Hotel = Schemas['HotelView'];
export type Client = Schemas['ClientView'];
export type Person = Schemas['PersonView'];
export type VersionItem = Omit<Schemas['VersionView'], 'changes'> & {
  changes: { field: string; old: Json; new: Json }[];
};

export type RoomType = Schemas['OfferRoom']['type'] & string;
export type RatePer = Schemas['OfferRoom']['per'] & string;
export type OfferRoom = With<Seen<Schemas['OfferRoom']>, 'type' | 'per' | 'quantity'>;
export type Tax = Seen<Schemas['Tax']> & { name: string; included: boolean; per: 'pax' | 'night' | 'stay' };
export type Foc = With<Seen<Schemas['Foc']>, 'free' | 'unit'>;
export type CancellationStage = Schemas['CancellationStage'];
export type Guest = With<Seen<Schemas['Guest']>, 'name'>;
export type AuditItem = Schemas['AuditView'];
export type Criteria = Seen<Schemas['Criteria']>;
export type HotelSelection = Seen<Schemas['HotelSelection']>;
export type Weight = keyof Schemas['Weights'];
export type Invitation = With<Seen<Schemas['InvitationView']>, 'hotel_id' | 'name' | 'state'>;
export type BookingStep = Seen<Schemas['StepView']>;
export type BookingLine = With<Seen<Schemas['LineView']>, 'id' | 'state'>;
export type Hold = With<Seen<Schemas['HoldView']>, 'id'>;
export type Booking = Omit<Seen<Schemas['BookingPart']>, 'id' | 'holds' | 'lines' | 'steps'> & {
  id: string;
  holds?: Record<string, Hold>;
  lines?: Record<string, BookingLine>;
  steps?: Record<string, BookingStep>;
};
export type Offer = Omit<Seen<Schemas['OfferView']>, 'id' | 'hotel_id' | 'rooms' | 'taxes' | 'agency_taxes' | 'foc'> & {
  id: string;
  hotel_id: string;
  rooms?: OfferRoom[];
  taxes?: Tax[];
  agency_taxes?: Tax[];
  foc?: Foc;
};
export type PriceLine = Seen<Schemas['PriceLine']>;
export type Programme = Seen<Schemas['Programme']>;
export type Leg = NonNullable<Programme['transport']>[number];
export type GuideNeed = NonNullable<Programme['guides']>[number];
export type ItemNeed = NonNullable<Programme['items']>[number];
export type OfferState = Offer['state'] & string;

/** A quotation as one audience sees it: a key that the viewer may not see is absent. */
export type QuotationView = Omit<
  Seen<Schemas['QuotationView']>,
  'title' | 'currency' | 'offers' | 'competitors' | 'invitations' | 'booking'
> & {
  title: string;
  currency: string;
  offers?: Record<string, Offer>;
  competitors?: Record<string, Offer>;
  invitations?: Record<string, Invitation>;
  booking?: Booking;
};
export type QuotationState = QuotationView['state'] & string;
export type InvitationState = QuotationView['invitation'] & string;
export type MealPlan = QuotationView['meal_plan'] & string;

export type Page<T> = Omit<Schemas['QuotationList'], 'items'> & { items: T[] };

export type Commands = Live['Commands'];
export type LiveCommand = keyof Commands;

/** The commands that change facts: those with a key. */
export type CommandName = { [N in LiveCommand]: Commands[N]['payload'] extends { key: string } ? N : never }[LiveCommand];

export type Payload<N extends LiveCommand> = Omit<Commands[N]['payload'], 'key'>;
export type Answer<N extends LiveCommand> = Commands[N]['data'];
export type Ack = Live['Accepted'] | Live['Refused'];
export type AckOf<N extends LiveCommand> = (Live['Accepted'] & { data: Answer<N> }) | Live['Refused'];

/** A dotted path into a view; undefined where the view has nothing. */
export function valueAt(view: object | null | undefined, path: string): Json | undefined {
  return path.split('.').reduce<unknown>((at, name) => (at as JsonObject | undefined)?.[name], view) as Json | undefined;
}
