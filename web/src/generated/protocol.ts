// Made from the server's schemas by `make types`; not to be edited.
import type { components as Rest } from './api';
import type { JsonObject } from '../live/json';
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Commands: {
            "room.join": {
                payload: components["schemas"]["Join"];
                data: components["schemas"]["Joined"];
            };
            "room.leave": {
                payload: components["schemas"]["Leave"];
                data: components["schemas"]["Empty"];
            };
            "presence.update": {
                payload: components["schemas"]["Update"];
                data: components["schemas"]["Empty"];
            };
            "inbox.ack": {
                payload: components["schemas"]["Ack"];
                data: components["schemas"]["InboxLeft"];
            };
            "session.refresh": {
                payload: components["schemas"]["Refresh"];
                data: components["schemas"]["Expiry"];
            };
            "quotation.create": {
                payload: components["schemas"]["Create"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.edit": {
                payload: components["schemas"]["Edit"];
                data: components["schemas"]["VersionAnswer"];
            };
            "quotation.restore": {
                payload: components["schemas"]["Restore"];
                data: components["schemas"]["VersionAnswer"];
            };
            "quotation.publish": {
                payload: components["schemas"]["Publish"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.invite": {
                payload: components["schemas"]["Invite"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.uninvite": {
                payload: components["schemas"]["Invite"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.extend": {
                payload: components["schemas"]["Extend"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.close": {
                payload: components["schemas"]["OnQuotation"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.cancel": {
                payload: components["schemas"]["WithReason"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.award": {
                payload: components["schemas"]["AwardOffer"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.accept": {
                payload: components["schemas"]["WithOptionalReason"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.reject": {
                payload: components["schemas"]["WithOptionalReason"];
                data: components["schemas"]["QuotationAnswer"];
            };
            "quotation.grant": {
                payload: components["schemas"]["GrantHotel"];
                data: components["schemas"]["Empty"];
            };
            "quotation.revoke": {
                payload: components["schemas"]["GrantHotel"];
                data: components["schemas"]["Empty"];
            };
            "offer.submit": {
                payload: components["schemas"]["SubmitOffer"];
                data: components["schemas"]["OfferAnswer"];
            };
            "offer.withdraw": {
                payload: components["schemas"]["OnQuotation"];
                data: components["schemas"]["OfferAnswer"];
            };
            "booking.confirm_line": {
                payload: components["schemas"]["OnLine"];
                data: components["schemas"]["LineAnswer"];
            };
            "booking.decline_line": {
                payload: components["schemas"]["OnLine"];
                data: components["schemas"]["LineAnswer"];
            };
            "booking.cancel": {
                payload: components["schemas"]["CancelBooking"];
                data: components["schemas"]["BookingAnswer"];
            };
            "booking.set_rooming": {
                payload: components["schemas"]["SetRooming"];
                data: components["schemas"]["BookingAnswer"];
            };
            "guide.confirm": {
                payload: components["schemas"]["OnAssignment"];
                data: components["schemas"]["AssignmentAnswer"];
            };
            "guide.decline": {
                payload: components["schemas"]["OnAssignment"];
                data: components["schemas"]["AssignmentAnswer"];
            };
            "announcement.publish": {
                payload: components["schemas"]["PublishAnnouncement"];
                data: components["schemas"]["AnnouncementAnswer"];
            };
        };
        ServiceEvents: {
            "session.ready": components["schemas"]["SessionReady"];
            "session.expiring": components["schemas"]["Expiry"];
            "session.closed": components["schemas"]["SessionClosed"];
            "room.reset": components["schemas"]["RoomReset"];
            "room.closed": components["schemas"]["RoomClosed"];
            "inbox.page": components["schemas"]["InboxPage"];
            "server.draining": components["schemas"]["Draining"];
        };
        Signals: {
            "presence.changed": components["schemas"]["PresenceChanged"];
            "focus.changed": components["schemas"]["FocusChanged"];
            "typing.changed": components["schemas"]["TypingChanged"];
        };
        /** Join */
        Join: {
            room: string;
            /** @default null */
            since?: components["schemas"]["Since"] | null;
        };
        /** Since */
        Since: {
            epoch: string;
            seq: number;
        };
        /** Leave */
        Leave: {
            room: string;
        };
        /**
         * Update
         * @description What is left out stays as it is.
         */
        Update: {
            room: string;
            focus?: string | null;
            typing?: boolean;
        };
        /** Ack */
        Ack: {
            ids: string[];
        };
        /** Refresh */
        Refresh: {
            token: string;
        };
        /**
         * Create
         * @description The terms themselves, with the key beside them.
         */
        Create: {
            title: string;
            /** @default  */
            destination?: string;
            /** @default null */
            check_in?: string | null;
            /** @default null */
            check_out?: string | null;
            /**
             * @default {
             *       "single": 0,
             *       "double": 0,
             *       "twin": 0,
             *       "triple": 0,
             *       "suite": 0
             *     }
             */
            rooms?: components["schemas"]["Rooms"];
            /** @default 0 */
            adults?: number;
            /** @default [] */
            children_ages?: number[];
            /**
             * @default BB
             * @enum {unknown}
             */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default [] */
            special_requirements?: string[];
            /** @default null */
            budget?: components["schemas"]["Budget"] | null;
            /** @default USD */
            currency?: string;
            /** @default null */
            deadline?: string | null;
            /** @default 3 */
            min_offers?: number;
            /**
             * @default {
             *       "mode": "manual",
             *       "hotel_ids": [],
             *       "criteria": {
             *         "min_rating": null,
             *         "max_distance_km": null,
             *         "min_capacity": null,
             *         "amenities": [],
             *         "min_answer_rate": null,
             *         "count": 5
             *       }
             *     }
             */
            hotel_selection?: components["schemas"]["HotelSelection"];
            /** @default false */
            auto_award?: boolean;
            /**
             * @default {
             *       "price": "50",
             *       "rating": "20",
             *       "services": "10",
             *       "cancellation": "10",
             *       "speed": "10"
             *     }
             */
            weights?: components["schemas"]["Weights"];
            /**
             * @default {
             *       "required": false,
             *       "percent": null,
             *       "amount": null,
             *       "due": null
             *     }
             */
            deposit?: components["schemas"]["Deposit"];
            /**
             * @default {
             *       "hide_competitor_prices": true,
             *       "show_own_rank": false,
             *       "reveal_prices_after_deadline": false
             *     }
             */
            privacy?: components["schemas"]["PrivacySettings"];
            /**
             * Format: decimal
             * @default 10
             */
            markup_percent?: string;
            /** @default [] */
            band_markups?: components["schemas"]["BandMarkup"][];
            /** @default null */
            programme?: components["schemas"]["Programme"] | null;
            /** @default  */
            notes?: string;
            /** @default  */
            internal_notes?: string;
            /** @default null */
            client_id?: string | null;
            key: string;
        };
        Rooms: Rest['schemas']['Rooms'];
        Budget: Rest['schemas']['Budget'];
        Money: Rest['schemas']['Money'];
        HotelSelection: Rest['schemas']['HotelSelection'];
        Criteria: Rest['schemas']['Criteria'];
        Weights: Rest['schemas']['Weights'];
        Deposit: Rest['schemas']['Deposit'];
        PrivacySettings: Rest['schemas']['PrivacySettings'];
        BandMarkup: Rest['schemas']['BandMarkup'];
        Programme: Rest['schemas']['Programme'];
        Leg: Rest['schemas']['Leg'];
        GuideNeed: Rest['schemas']['GuideNeed'];
        ItemNeed: Rest['schemas']['ItemNeed'];
        /** Edit */
        Edit: {
            key: string;
            quotation_id: string;
            base_version: number;
            changes: components["schemas"]["FieldEdit"][];
        };
        FieldEdit: Rest['schemas']['FieldEdit'];
        /** Restore */
        Restore: {
            key: string;
            quotation_id: string;
            version: number;
        };
        /** Publish */
        Publish: {
            key: string;
            quotation_id: string;
            /** @default [] */
            hotel_ids?: string[];
            /** @default null */
            deadline?: string | null;
        };
        /** Invite */
        Invite: {
            key: string;
            quotation_id: string;
            hotel_ids: string[];
        };
        /** Extend */
        Extend: {
            key: string;
            quotation_id: string;
            /** Format: date-time */
            deadline: string;
            reason: string;
        };
        /** OnQuotation */
        OnQuotation: {
            key: string;
            quotation_id: string;
        };
        /** WithReason */
        WithReason: {
            key: string;
            quotation_id: string;
            reason: string;
        };
        /** AwardOffer */
        AwardOffer: {
            key: string;
            quotation_id: string;
            offer_id: string;
        };
        /** WithOptionalReason */
        WithOptionalReason: {
            key: string;
            quotation_id: string;
            /** @default  */
            reason?: string;
        };
        /** GrantHotel */
        GrantHotel: {
            key: string;
            quotation_id: string;
            hotel_id: string;
            reason: string;
        };
        /** SubmitOffer */
        SubmitOffer: {
            key: string;
            quotation_id: string;
            offer: components["schemas"]["OfferContent"];
        };
        OfferContent: Rest['schemas']['OfferContent'];
        RoomRate: Rest['schemas']['RoomRate'];
        ChildBand: Rest['schemas']['ChildBand'];
        Foc: Rest['schemas']['Foc'];
        Tax: Rest['schemas']['Tax'];
        OptionalService: Rest['schemas']['OptionalService'];
        DepositStage: Rest['schemas']['DepositStage'];
        CancellationStage: Rest['schemas']['CancellationStage'];
        /** OnLine */
        OnLine: {
            key: string;
            booking_id: string;
            line_id: string;
            /** @default  */
            reason?: string;
        };
        /** CancelBooking */
        CancelBooking: {
            key: string;
            booking_id: string;
            reason: string;
        };
        /** SetRooming */
        SetRooming: {
            key: string;
            booking_id: string;
            guests: components["schemas"]["Guest"][];
        };
        Guest: Rest['schemas']['Guest'];
        /**
         * OnAssignment
         * @description `assignment_id` is that of a hold in the guide's view of the booking.
         */
        OnAssignment: {
            key: string;
            assignment_id: string;
            /** @default  */
            reason?: string;
        };
        /** PublishAnnouncement */
        PublishAnnouncement: {
            key: string;
            title: string;
            body: string;
        };
        /**
         * Joined
         * @description What a join found: the missed facts if `recovered`, else all that the viewer may see.
         */
        Joined: {
            room: string;
            epoch: string;
            seq: number;
            recovered: boolean;
            events: components["schemas"]["Fact"][];
            snapshot: JsonObject | null;
            presence: components["schemas"]["Member"][];
        };
        /**
         * Fact
         * @description A frame with a position. `by` is null when the viewer may not know who did it.
         */
        Fact: {
            /** @enum {unknown} */
            v: 1;
            id: string;
            /** @enum {string} */
            name: "announcement.published" | "booking.cancelled" | "booking.changed" | "booking.completed" | "booking.confirmed" | "booking.created" | "booking.step_changed" | "guide.assigned" | "guide.confirmed" | "guide.declined" | "hotel.confirmed" | "hotel.reserved" | "inbox.read" | "invitation.closed" | "invitation.received" | "notification.created" | "offer.not_selected" | "offer.ranked" | "offer.revised" | "offer.selected" | "offer.submitted" | "offer.withdrawn" | "payment.failed" | "payment.received" | "payment.refunded" | "payment.requested" | "quotation.accepted" | "quotation.awarded" | "quotation.cancelled" | "quotation.closed" | "quotation.created" | "quotation.edited" | "quotation.expired" | "quotation.extended" | "quotation.granted" | "quotation.prices_revealed" | "quotation.published" | "quotation.rejected" | "quotation.repriced" | "quotation.restored" | "transport.booked" | "transport.confirmed";
            room: string;
            epoch: string;
            seq: number;
            at: string;
            by: components["schemas"]["Who"] | null;
            data: components["schemas"]["Change"];
        };
        Who: Rest['schemas']['Who'];
        /**
         * Change
         * @description `change` is a JSON Merge Patch of the viewer's view; the others come with the facts that disclose them.
         */
        Change: {
            /** JsonObject */
            change: JsonObject;
            rank?: number;
            of?: number;
            totals?: components["schemas"]["Money"][];
        };
        /**
         * Member
         * @description Somebody in a room, with what they have in focus as far as the viewer may know.
         *
         *         In the room of a list, `room` is the one among those listed that they are in.
         */
        Member: {
            /** @enum {unknown} */
            kind: "admin" | "agent" | "client" | "guide" | "hotel" | "system";
            id: string;
            name: string;
            room?: string;
            focus?: string;
            typing?: boolean;
        };
        Empty: Rest['schemas']['Empty'];
        InboxLeft: Rest['schemas']['InboxLeft'];
        /** Expiry */
        Expiry: {
            expires_at: string;
        };
        QuotationAnswer: Rest['schemas']['QuotationAnswer'];
        QuotationView: Rest['schemas']['QuotationView'];
        Named: Rest['schemas']['Named'];
        ExtensionView: Rest['schemas']['ExtensionView'];
        InvitationView: Rest['schemas']['InvitationView'];
        OfferView: Rest['schemas']['OfferView'];
        OfferRoom: Rest['schemas']['OfferRoom'];
        OfferService: Rest['schemas']['OfferService'];
        PriceLine: Rest['schemas']['PriceLine'];
        Selling: Rest['schemas']['Selling'];
        TaxDue: Rest['schemas']['TaxDue'];
        RunningView: Rest['schemas']['RunningView'];
        CostingView: Rest['schemas']['CostingView'];
        TariffName: Rest['schemas']['TariffName'];
        Rate: Rest['schemas']['Rate'];
        Choices: Rest['schemas']['Choices'];
        VehicleChoice: Rest['schemas']['VehicleChoice'];
        GuideChoice: Rest['schemas']['GuideChoice'];
        ItemChoice: Rest['schemas']['ItemChoice'];
        ProgrammeItem: Rest['schemas']['ProgrammeItem'];
        Rank: Rest['schemas']['Rank'];
        GrantView: Rest['schemas']['GrantView'];
        BookingPart: Rest['schemas']['BookingPart'];
        StepView: Rest['schemas']['StepView'];
        LineView: Rest['schemas']['LineView'];
        PaymentView: Rest['schemas']['PaymentView'];
        HoldView: Rest['schemas']['HoldView'];
        VersionAnswer: Rest['schemas']['VersionAnswer'];
        OfferAnswer: Rest['schemas']['OfferAnswer'];
        LineAnswer: Rest['schemas']['LineAnswer'];
        BookingAnswer: Rest['schemas']['BookingAnswer'];
        AssignmentAnswer: Rest['schemas']['AssignmentAnswer'];
        AnnouncementAnswer: Rest['schemas']['AnnouncementAnswer'];
        AnnouncementView: Rest['schemas']['AnnouncementView'];
        /**
         * SessionReady
         * @description The first event: who one is, and the rooms one is in.
         *
         *         If `recovered`, it is the session that one had before: in all its rooms, each going on with what was missed after
         *         the position given. Else in the rooms entered without asking, where they stand.
         */
        SessionReady: {
            user: components["schemas"]["SessionUser"];
            rooms: components["schemas"]["ReadyRoom"][];
            expires_at: string;
            recovered: boolean;
        };
        /** SessionUser */
        SessionUser: {
            id: string;
            name: string;
            /** @enum {unknown} */
            role: "admin" | "agent" | "client" | "guide" | "hotel";
        };
        /**
         * ReadyRoom
         * @description `presence` is who is there, in a room whose members one is shown, if the session was recovered.
         */
        ReadyRoom: {
            room: string;
            epoch: string;
            seq: number;
            presence?: components["schemas"]["Member"][];
        };
        /** SessionClosed */
        SessionClosed: {
            /** @enum {unknown} */
            code: "auth.expired" | "auth.invalid" | "auth.required" | "auth.revoked" | "booking.not_found" | "catalogue.conflict" | "catalogue.full" | "catalogue.not_found" | "change.pending" | "command.forbidden" | "command.invalid" | "command.unknown" | "document.not_found" | "internal" | "offer.bad_currency" | "offer.not_found" | "offer.too_late" | "offer.too_many_revisions" | "payment.not_found" | "payment.refused" | "person.not_found" | "quotation.conflict" | "quotation.not_found" | "quotation.wrong_state" | "rate.limited" | "reader.slow" | "resource.not_found" | "resource.released" | "resource.taken" | "room.forbidden" | "room.too_many" | "room.unknown" | "server.draining" | "session.too_many" | "workflow.not_found";
        };
        /**
         * RoomReset
         * @description The viewer's rights changed: the room starts anew from this snapshot.
         */
        RoomReset: {
            room: string;
            epoch: string;
            seq: number;
            snapshot: JsonObject | null;
        };
        /** RoomClosed */
        RoomClosed: {
            room: string;
            /** @enum {unknown} */
            code: "auth.expired" | "auth.invalid" | "auth.required" | "auth.revoked" | "booking.not_found" | "catalogue.conflict" | "catalogue.full" | "catalogue.not_found" | "change.pending" | "command.forbidden" | "command.invalid" | "command.unknown" | "document.not_found" | "internal" | "offer.bad_currency" | "offer.not_found" | "offer.too_late" | "offer.too_many_revisions" | "payment.not_found" | "payment.refused" | "person.not_found" | "quotation.conflict" | "quotation.not_found" | "quotation.wrong_state" | "rate.limited" | "reader.slow" | "resource.not_found" | "resource.released" | "resource.taken" | "room.forbidden" | "room.too_many" | "room.unknown" | "server.draining" | "session.too_many" | "workflow.not_found";
        };
        InboxPage: Rest['schemas']['InboxPage'];
        NotificationView: Rest['schemas']['NotificationView'];
        /**
         * Draining
         * @description Seconds until the connection is closed.
         */
        Draining: {
            within: number;
        };
        /** PresenceChanged */
        PresenceChanged: {
            /** @enum {unknown} */
            v: 1;
            id: string;
            room: string;
            at: string;
            /** @enum {unknown} */
            name: "presence.changed";
            by: null;
            data: components["schemas"]["Comings"];
        };
        /**
         * Comings
         * @description `left` are ids; `focus` is by the ids of those who joined. In the room of a list, `room` is where they did.
         */
        Comings: {
            room?: string;
            joined: components["schemas"]["Member"][];
            left: string[];
            focus: {
                [key: string]: string;
            };
        };
        /** FocusChanged */
        FocusChanged: {
            /** @enum {unknown} */
            v: 1;
            id: string;
            room: string;
            at: string;
            /** @enum {unknown} */
            name: "focus.changed";
            by: components["schemas"]["Who"];
            data: components["schemas"]["Focus"];
        };
        /** Focus */
        Focus: {
            focus: string | null;
        };
        /** TypingChanged */
        TypingChanged: {
            /** @enum {unknown} */
            v: 1;
            id: string;
            room: string;
            at: string;
            /** @enum {unknown} */
            name: "typing.changed";
            by: components["schemas"]["Who"];
            data: components["schemas"]["Typing"];
        };
        /** Typing */
        Typing: {
            typing: boolean;
        };
        /**
         * Accepted
         * @description An ack; `data` is the command's own.
         */
        Accepted: {
            /** @constant */
            ok: true;
            /** JsonObject */
            data: JsonObject;
        };
        /**
         * Refused
         * @description An ack that says no.
         */
        Refused: {
            /** @constant */
            ok: false;
            error: components["schemas"]["Refusal"];
        };
        /**
         * Refusal
         * @description A typed "no"; `retry_after` is in seconds.
         */
        Refusal: {
            /** @enum {unknown} */
            code: "auth.expired" | "auth.invalid" | "auth.required" | "auth.revoked" | "booking.not_found" | "catalogue.conflict" | "catalogue.full" | "catalogue.not_found" | "change.pending" | "command.forbidden" | "command.invalid" | "command.unknown" | "document.not_found" | "internal" | "offer.bad_currency" | "offer.not_found" | "offer.too_late" | "offer.too_many_revisions" | "payment.not_found" | "payment.refused" | "person.not_found" | "quotation.conflict" | "quotation.not_found" | "quotation.wrong_state" | "rate.limited" | "reader.slow" | "resource.not_found" | "resource.released" | "resource.taken" | "room.forbidden" | "room.too_many" | "room.unknown" | "server.draining" | "session.too_many" | "workflow.not_found";
            message: string;
            retry_after?: number;
            /** JsonObject */
            data?: JsonObject;
        };
        /**
         * Conflict
         * @description The data of `quotation.conflict`; `version` is the one to base a second attempt on.
         */
        Conflict: {
            version: number;
            fields: {
                [key: string]: components["schemas"]["Theirs"];
            };
        };
        /**
         * Theirs
         * @description What somebody else made of a field meanwhile.
         */
        Theirs: {
            value: unknown;
            by: components["schemas"]["Who"] | null;
            at: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
