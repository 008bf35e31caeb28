/** The wire's shapes, as the server's schemas state them. One file, so that generation can replace it. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Money {
  amount: string;
  currency: string;
}

export type Role = 'admin' | 'agent' | 'hotel' | 'client' | 'guide';

export interface Me {
  id: string;
  email: string;
  name: string;
  role: Role;
  company_id?: string | null;
  hotel_id?: string | null;
}

export interface Actor {
  kind: string;
  id: string;
  name: string;
}

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
  kind: string;
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

export interface InboxItem {
  id: string;
  kind: string;
  at: string;
  quotation_id?: string;
  title?: string;
  state?: QuotationState;
  invitation?: InvitationState;
}

export interface Refusal {
  code: string;
  message: string;
  retry_after?: number;
  data?: JsonObject;
}

export type Ack = { ok: true; data: JsonObject } | { ok: false; error: Refusal };

export type QuotationState =
  | 'draft'
  | 'published'
  | 'reviewing'
  | 'awarded'
  | 'accepted'
  | 'deposit_paid'
  | 'confirmed'
  | 'completed'
  | 'cancelled'
  | 'expired';

export type InvitationState = 'open' | 'closed' | 'selected' | 'not_selected';
export type OfferState =
  | 'draft'
  | 'submitted'
  | 'revised'
  | 'outdated'
  | 'withdrawn'
  | 'selected'
  | 'not_selected'
  | 'expired';
export type MealPlan = 'RO' | 'BB' | 'HB' | 'FB' | 'AI';
export type RoomType = 'single' | 'double' | 'twin' | 'triple' | 'suite';
export type RoomCounts = Partial<Record<RoomType, number>>;
export type RatePer = 'room_night' | 'person_night';

export interface OfferRoom {
  type: RoomType;
  net_rate?: Money;
  agency_rate?: Money;
  per: RatePer;
  quantity: number;
}

export interface Tax {
  name: string;
  included: boolean;
  per: 'pax' | 'night' | 'stay';
  amount?: Money;
  percent?: string;
}

export interface Foc {
  free: number;
  per: number;
  unit: 'half_twin' | 'single';
  cap?: number;
}

export interface CancellationStage {
  days_before: number;
  penalty_percent: string;
}

export interface DepositStage {
  percent: string;
  due: string;
}

export interface Offer {
  id: string;
  hotel_id: string;
  hotel_name?: string;
  revision?: number;
  /** How often the hotel may still revise its price. */
  revisions_left?: number;
  state?: OfferState;
  rooms?: OfferRoom[];
  board?: MealPlan;
  foc?: Foc;
  taxes?: Tax[];
  agency_taxes?: Tax[];
  single_supplement?: Money;
  triple_reduction?: Money;
  agency_supplement?: Money;
  agency_reduction?: Money;
  agency_total?: Money;
  net_total?: Money;
  selling_total?: Money;
  selling_per_person?: Money;
  commission_percent?: string;
  attrition_percent?: string;
  included_services?: string[];
  excluded_services?: string[];
  optional_services?: { name: string; price: Money }[];
  option_until?: string;
  release_date?: string;
  allotment?: number;
  guaranteed?: boolean;
  deposits?: DepositStage[];
  cancellation?: CancellationStage[];
  valid_until?: string;
  notes?: string;
  internal_notes?: string;
  rank?: number;
  score?: string;
}

export interface Invitation {
  hotel_id: string;
  name: string;
  rating?: string;
  state: InvitationState;
  invited_at?: string;
}

export interface Selling {
  total?: Money;
  per_person?: Money;
  single_supplement?: Money;
  triple_reduction?: Money;
  bands?: Record<string, Money>;
}

export interface Criteria {
  min_rating?: string;
  max_distance_km?: string;
  min_capacity?: number;
  amenities?: string[];
  min_answer_rate?: string;
  count?: number;
}

export interface HotelSelection {
  mode: 'manual' | 'automatic' | 'mixed';
  hotel_ids?: string[];
  criteria?: Criteria;
}

export interface Deposit {
  required: boolean;
  percent?: string;
  amount?: Money;
  due?: string;
}

export interface PrivacySettings {
  hide_competitor_prices: boolean;
  show_own_rank: boolean;
  reveal_prices_after_deadline: boolean;
}

export type Weight = 'price' | 'rating' | 'services' | 'cancellation' | 'speed';

export interface BookingLine {
  id: string;
  hotel_id?: string;
  hotel_name?: string;
  state: 'pending' | 'confirmed' | 'declined' | 'cancelled';
  [key: string]: unknown;
}

export interface BookingStep {
  state: string;
  at?: string;
}

export interface Booking {
  id: string;
  status?: string;
  reference?: string;
  steps?: Record<string, BookingStep>;
  lines?: Record<string, BookingLine>;
}

export interface Grant {
  hotel_id: string;
  by?: Actor;
  reason: string;
  at: string;
}

/** A quotation as one audience sees it: a key that the viewer may not see is absent. */
export interface QuotationView {
  id: string;
  title: string;
  destination?: string;
  check_in?: string;
  check_out?: string;
  rooms?: RoomCounts;
  adults?: number;
  children_ages?: number[];
  meal_plan?: MealPlan;
  special_requirements?: string[];
  currency: string;
  budget?: { min?: Money; max?: Money };
  deadline?: string;
  min_offers?: number;
  hotel_selection?: HotelSelection;
  auto_award?: boolean;
  weights?: Record<Weight, string>;
  deposit?: Deposit;
  privacy?: PrivacySettings;
  markup_percent?: string;
  margin_percent?: string;
  notes?: string;
  internal_notes?: string;
  client_id?: string;
  client?: { id?: string; name?: string; email?: string };
  state?: QuotationState;
  invitation?: InvitationState;
  version?: number;
  extensions?: Record<string, { deadline: string; reason?: string; at: string }>;
  cancel_reason?: string;
  reject_reason?: string;
  invitations?: Record<string, Invitation>;
  offers?: Record<string, Offer>;
  awarded_offer_id?: string;
  selling?: Selling;
  rank?: { rank: number; of: number };
  totals?: Money[];
  competitors?: Record<string, Offer>;
  grants?: Record<string, Grant>;
  booking?: Booking;
}

export interface FieldConflict {
  value: Json;
  by: Actor | null;
  at: string;
}

export interface ConflictData {
  version: number;
  fields: Record<string, FieldConflict>;
}

export interface Announcement {
  id: string;
  title: string;
  body: string;
  at?: string;
}

export interface Hotel {
  id: string;
  name: string;
  city: string;
  rating: string;
  capacity: number;
  amenities: string[];
}

export interface VersionItem {
  version: number;
  at: string;
  by: Actor;
  changes: { field: string; old: Json; new: Json }[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface CommandPayloads {
  'quotation.create': JsonObject & { title: string };
  'quotation.edit': { quotation_id: string; base_version: number; changes: { field: string; value: Json }[] };
  'quotation.restore': { quotation_id: string; version: number };
  'quotation.publish': { quotation_id: string; hotel_ids?: string[]; deadline?: string };
  'quotation.invite': { quotation_id: string; hotel_ids: string[] };
  'quotation.uninvite': { quotation_id: string; hotel_ids: string[] };
  'quotation.extend': { quotation_id: string; deadline: string; reason: string };
  'quotation.close': { quotation_id: string };
  'quotation.cancel': { quotation_id: string; reason: string };
  'quotation.award': { quotation_id: string; offer_id: string };
  'quotation.accept': { quotation_id: string };
  'quotation.reject': { quotation_id: string; reason?: string };
  'quotation.grant': { quotation_id: string; hotel_id: string; reason: string };
  'quotation.revoke': { quotation_id: string; hotel_id: string; reason: string };
  'offer.submit': { quotation_id: string; offer: JsonObject };
  'offer.withdraw': { quotation_id: string };
  'booking.confirm_line': { booking_id: string; line_id: string; reason?: string };
  'booking.decline_line': { booking_id: string; line_id: string; reason?: string };
  'announcement.publish': { title: string; body: string };
}

/** A dotted path into a view; undefined where the view has nothing. */
export function valueAt(view: object | null | undefined, path: string): Json | undefined {
  return path.split('.').reduce<unknown>((at, name) => (at as JsonObject | undefined)?.[name], view) as Json | undefined;
}

export type CommandName = keyof CommandPayloads;
