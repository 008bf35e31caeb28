/** The wire's shapes: views and payloads as the server's schemas have them, frames as DESIGN.md's protocol does. */
import type { components } from '@/generated/api';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type Actor = components['schemas']['Who'];

export interface Position {
  epoch: string;
  seq: number;
}

export interface Frame {
  v: 1;
  id: string;
  name: string;
  room: string;
  epoch: string;
  seq: number;
  at: string;
  by: Actor | null;
  data: { change?: JsonObject; [key: string]: Json | undefined };
}

/** A signal: worth something only now, so it has no position. */
export interface Signal {
  name: string;
  room: string;
  by: Actor | null;
  data: { [key: string]: Json | undefined };
}

export interface Member {
  id: string;
  name: string;
  kind: Actor['kind'];
  focus?: string | null;
  typing?: boolean;
}

export interface SessionReady {
  user: { id: string; name: string; role: Role };
  rooms: { room: string; epoch: string; seq: number }[];
  expires_at: string;
}

export interface JoinAck {
  room: string;
  epoch: string;
  seq: number;
  recovered: boolean;
  events: Frame[];
  snapshot: JsonObject | null;
  presence: Json[];
}

export interface RoomReset {
  room: string;
  epoch: string;
  seq: number;
  snapshot: JsonObject | null;
}

export interface RoomClosed {
  room: string;
  code: string;
}

export interface Refusal {
  code: string;
  message: string;
  retry_after?: number;
  data?: JsonObject;
}

export type Ack = { ok: true; data: JsonObject } | { ok: false; error: Refusal };

export interface FieldConflict {
  value: Json;
  by: Actor | null;
  at: string;
}

export interface ConflictData {
  version: number;
  fields: Record<string, FieldConflict>;
}

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
export type Booking = Omit<Seen<Schemas['BookingPart']>, 'id' | 'lines' | 'steps'> & {
  id: string;
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

export interface Page<T> {
  items: T[];
  next: string | null;
}

interface OnQuotation {
  quotation_id: string;
}
interface OnLine {
  booking_id: string;
  line_id: string;
}

export interface CommandPayloads {
  'quotation.create': JsonObject & { title: string };
  'quotation.edit': OnQuotation & Schemas['QuotationEdit'];
  'quotation.restore': OnQuotation & Schemas['QuotationRestore'];
  'quotation.publish': OnQuotation & Schemas['QuotationPublish'];
  'quotation.invite': OnQuotation & Schemas['QuotationInvite'];
  'quotation.uninvite': OnQuotation & Schemas['QuotationUninvite'];
  'quotation.extend': OnQuotation & Schemas['QuotationExtend'];
  'quotation.close': OnQuotation;
  'quotation.cancel': OnQuotation & Schemas['QuotationCancel'];
  'quotation.award': OnQuotation & Schemas['QuotationAward'];
  'quotation.accept': OnQuotation & Schemas['QuotationAccept'];
  'quotation.reject': OnQuotation & Schemas['QuotationReject'];
  'quotation.grant': OnQuotation & Schemas['QuotationGrant'];
  'quotation.revoke': OnQuotation & Schemas['QuotationRevoke'];
  'offer.submit': OnQuotation & { offer: JsonObject };
  'offer.withdraw': OnQuotation;
  'booking.confirm_line': OnLine & Schemas['BookingConfirmLine'];
  'booking.decline_line': OnLine & Schemas['BookingDeclineLine'];
  'booking.set_rooming': { booking_id: string } & Schemas['BookingSetRooming'];
  'announcement.publish': Schemas['AnnouncementPublish'];
}

export type CommandName = keyof CommandPayloads;

/** A dotted path into a view; undefined where the view has nothing. */
export function valueAt(view: object | null | undefined, path: string): Json | undefined {
  return path.split('.').reduce<unknown>((at, name) => (at as JsonObject | undefined)?.[name], view) as Json | undefined;
}
