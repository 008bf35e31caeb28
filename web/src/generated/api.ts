// Made from the server's schemas by `make types`; not to be edited.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Credentials */
        Credentials: {
            email: string;
            password: string;
        };
        /**
         * TokenPair
         * @description `expires_in` is the access token's life in seconds.
         */
        TokenPair: {
            access_token: string;
            refresh_token: string;
            expires_in: number;
        };
        /**
         * Problem
         * @description An error (RFC 9457). `code` is the live protocol's; `retry_after` is in seconds.
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail: string;
            data?: Record<string, never>;
            retry_after?: number;
        };
        /** RefreshRequest */
        RefreshRequest: {
            refresh_token: string;
        };
        /**
         * LogoutRequest
         * @description `everywhere` ends all logins of the token's person.
         */
        LogoutRequest: {
            refresh_token: string;
            /** @default false */
            everywhere?: boolean;
        };
        /**
         * Empty
         * @description Done; there is nothing to tell.
         */
        Empty: Record<string, never>;
        /** Me */
        Me: {
            id: string;
            email: string;
            name: string;
            /** @enum {unknown} */
            role: "admin" | "agent" | "client" | "guide" | "hotel";
            company_id: string | null;
            hotel_id: string | null;
        };
        /** DemoAccounts */
        DemoAccounts: {
            accounts: components["schemas"]["DemoAccount"][];
            password: string;
        };
        /**
         * Paging
         * @description `next` is the text that the page before gave.
         */
        Paging: {
            /** @default 50 */
            limit?: number;
            /** @default null */
            next?: string | null;
        };
        /** QuotationList */
        QuotationList: {
            next: string | null;
            items: components["schemas"]["QuotationItem"][];
        };
        /**
         * QuotationView
         * @description A quotation as one may see it, the same as in a room's snapshot.
         */
        QuotationView: {
            title?: string;
            destination?: string;
            /** Format: date */
            check_in?: string;
            /** Format: date */
            check_out?: string;
            rooms?: components["schemas"]["Rooms"];
            adults?: number;
            children_ages?: number[];
            /** @enum {unknown} */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            special_requirements?: string[];
            budget?: components["schemas"]["Budget"];
            currency?: string;
            deadline?: string;
            min_offers?: number;
            hotel_selection?: components["schemas"]["HotelSelection"];
            auto_award?: boolean;
            weights?: components["schemas"]["Weights"];
            deposit?: components["schemas"]["Deposit"];
            privacy?: components["schemas"]["PrivacySettings"];
            /** Format: decimal */
            markup_percent?: string;
            band_markups?: components["schemas"]["BandMarkup"][];
            programme?: components["schemas"]["Programme"];
            notes?: string;
            internal_notes?: string;
            client_id?: string;
            id: string;
            /** @enum {unknown} */
            state?: "accepted" | "awarded" | "cancelled" | "completed" | "confirmed" | "deposit_paid" | "draft" | "expired" | "published" | "reviewing";
            /** @enum {unknown} */
            invitation?: "closed" | "not_selected" | "open" | "selected";
            version?: number;
            company?: components["schemas"]["Named"];
            client?: components["schemas"]["Named"];
            /** Format: decimal */
            margin_percent?: string;
            extensions?: {
                [key: string]: components["schemas"]["ExtensionView"];
            };
            cancel_reason?: string;
            reject_reason?: string;
            invitations?: {
                [key: string]: components["schemas"]["InvitationView"];
            };
            offers?: {
                [key: string]: components["schemas"]["OfferView"];
            };
            competitors?: {
                [key: string]: components["schemas"]["OfferView"];
            };
            awarded_offer_id?: string;
            selling?: components["schemas"]["Selling"];
            running?: components["schemas"]["RunningView"];
            costing?: components["schemas"]["CostingView"];
            choices?: components["schemas"]["Choices"];
            programme_items?: {
                [key: string]: components["schemas"]["ProgrammeItem"];
            };
            rank?: components["schemas"]["Rank"];
            totals?: components["schemas"]["Money"][];
            grants?: {
                [key: string]: components["schemas"]["GrantView"];
            };
            booking?: components["schemas"]["BookingPart"];
        };
        /** OfferList */
        OfferList: {
            next: string | null;
            items: components["schemas"]["OfferView"][];
        };
        /** VersionList */
        VersionList: {
            next: string | null;
            items: components["schemas"]["VersionView"][];
        };
        /** BookingList */
        BookingList: {
            next: string | null;
            items: components["schemas"]["BookingView"][];
        };
        /**
         * BookingView
         * @description A booking by itself, with the trip it is for.
         */
        BookingView: {
            id?: string;
            reference?: string;
            /** @enum {unknown} */
            status?: "cancelled" | "completed" | "confirmed" | "pending";
            steps?: {
                [key: string]: components["schemas"]["StepView"];
            };
            lines?: {
                [key: string]: components["schemas"]["LineView"];
            };
            payments?: {
                [key: string]: components["schemas"]["PaymentView"];
            };
            holds?: {
                [key: string]: components["schemas"]["HoldView"];
            };
            /** Format: decimal */
            penalty_percent?: string;
            penalty?: components["schemas"]["Money"];
            rooming?: components["schemas"]["Guest"][];
            cancel_reason?: string;
            quotation_id: string;
            title?: string;
            destination?: string;
            /** Format: date */
            check_in?: string;
            /** Format: date */
            check_out?: string;
        };
        /**
         * Limit
         * @description How many at once.
         */
        Limit: {
            /** @default 50 */
            limit?: number;
        };
        /**
         * InboxPage
         * @description The oldest first; `left` counts all that wait, these among them; `dropped` those that waited too long or were too
         *         many, since something was acknowledged.
         */
        InboxPage: {
            items: components["schemas"]["NotificationView"][];
            left: number;
            dropped: number;
        };
        /** AnnouncementList */
        AnnouncementList: {
            next: string | null;
            items: components["schemas"]["AnnouncementView"][];
        };
        /** HotelList */
        HotelList: {
            next: string | null;
            items: components["schemas"]["HotelView"][];
        };
        /** ClientList */
        ClientList: {
            next: string | null;
            items: components["schemas"]["ClientView"][];
        };
        /** PersonList */
        PersonList: {
            next: string | null;
            items: components["schemas"]["PersonView"][];
        };
        /**
         * DashboardQuery
         * @description Whose figures, for admins; those of all companies where it is not said.
         */
        DashboardQuery: {
            /** @default null */
            company_id?: string | null;
        };
        /**
         * DashboardView
         * @description The last twelve weeks, the running one last. The funnel is of quotations published in them.
         */
        DashboardView: {
            states: components["schemas"]["StateCounts"];
            funnel: components["schemas"]["Funnel"];
            answers: components["schemas"]["AnswersView"];
            weeks: components["schemas"]["WeekView"][];
        };
        /**
         * OpsView
         * @description While the broker does not answer, only the process that was asked is there.
         */
        OpsView: {
            at: string;
            broker: boolean;
            workflows: components["schemas"]["WorkflowsView"];
            outbox: components["schemas"]["OutboxView"];
            processes: components["schemas"]["ProcessView"][];
        };
        /**
         * InLanguage
         * @description In which language a document is written.
         */
        InLanguage: {
            /**
             * @default es
             * @enum {unknown}
             */
            language?: "en" | "es" | "pt";
        };
        /** DocumentList */
        DocumentList: {
            next: string | null;
            items: components["schemas"]["DocumentView"][];
        };
        /**
         * Printed
         * @description `png` is a picture of the first page.
         */
        Printed: {
            /**
             * @default es
             * @enum {unknown}
             */
            language?: "en" | "es" | "pt";
            /**
             * @default pdf
             * @enum {unknown}
             */
            format?: "pdf" | "png";
        };
        /**
         * AuditPaging
         * @description Rows for which all that is given holds, from `since` to before `until`; a subject is `quotation:ID` or so.
         */
        AuditPaging: {
            /** @default 50 */
            limit?: number;
            /** @default null */
            next?: string | null;
            /** @default null */
            user_id?: string | null;
            /** @default null */
            action?: string | null;
            /** @default null */
            subject?: string | null;
            /** @default null */
            outcome?: string | null;
            /** @default null */
            since?: string | null;
            /** @default null */
            until?: string | null;
        };
        /** AuditList */
        AuditList: {
            next: string | null;
            items: components["schemas"]["AuditView"][];
        };
        /**
         * AuditExport
         * @description As the list's; `csv` or a JSON array.
         */
        AuditExport: {
            /**
             * @default json
             * @enum {unknown}
             */
            format?: "csv" | "json";
            /** @default null */
            user_id?: string | null;
            /** @default null */
            action?: string | null;
            /** @default null */
            subject?: string | null;
            /** @default null */
            outcome?: string | null;
            /** @default null */
            since?: string | null;
            /** @default null */
            until?: string | null;
        };
        /** Timeline */
        Timeline: {
            next: string | null;
            items: components["schemas"]["Told"][];
        };
        /** QuotationCreate */
        QuotationCreate: {
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
        };
        /**
         * Keyed
         * @description The same key twice has one effect and one answer.
         */
        Keyed: {
            /** @default  */
            "Idempotency-Key"?: string;
        };
        /** QuotationAnswer */
        QuotationAnswer: {
            quotation: components["schemas"]["QuotationView"];
        };
        /** QuotationEdit */
        QuotationEdit: {
            base_version: number;
            changes: components["schemas"]["FieldEdit"][];
        };
        /** VersionAnswer */
        VersionAnswer: {
            version: number;
        };
        /** QuotationRestore */
        QuotationRestore: {
            version: number;
        };
        /** QuotationPublish */
        QuotationPublish: {
            /** @default [] */
            hotel_ids?: string[];
            /** @default null */
            deadline?: string | null;
        };
        /** QuotationInvite */
        QuotationInvite: {
            hotel_ids: string[];
        };
        /** QuotationUninvite */
        QuotationUninvite: {
            hotel_ids: string[];
        };
        /** QuotationExtend */
        QuotationExtend: {
            /** Format: date-time */
            deadline: string;
            reason: string;
        };
        /** QuotationClose */
        QuotationClose: Record<string, never>;
        /** QuotationCancel */
        QuotationCancel: {
            reason: string;
        };
        /** QuotationAward */
        QuotationAward: {
            offer_id: string;
        };
        /** QuotationAccept */
        QuotationAccept: {
            /** @default  */
            reason?: string;
        };
        /** QuotationReject */
        QuotationReject: {
            /** @default  */
            reason?: string;
        };
        /** QuotationGrant */
        QuotationGrant: {
            hotel_id: string;
            reason: string;
        };
        /** QuotationRevoke */
        QuotationRevoke: {
            hotel_id: string;
            reason: string;
        };
        /**
         * OfferContent
         * @description An offer as its hotel writes it. Every amount is net, in one currency.
         */
        OfferContent: {
            rooms: components["schemas"]["RoomRate"][];
            /** @default null */
            single_supplement?: components["schemas"]["Money"] | null;
            /** @default null */
            triple_reduction?: components["schemas"]["Money"] | null;
            /** @default null */
            extra_bed?: components["schemas"]["Money"] | null;
            /** @default [] */
            child_bands?: components["schemas"]["ChildBand"][];
            /**
             * @default BB
             * @enum {unknown}
             */
            board?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default null */
            foc?: components["schemas"]["Foc"] | null;
            /** @default [] */
            taxes?: components["schemas"]["Tax"][];
            /**
             * Format: decimal
             * @default 0
             */
            commission_percent?: string;
            /** @default [] */
            included_services?: string[];
            /** @default [] */
            excluded_services?: string[];
            /** @default [] */
            optional_services?: components["schemas"]["OptionalService"][];
            /** @default null */
            option_until?: string | null;
            /** @default null */
            release_date?: string | null;
            /** @default null */
            allotment?: number | null;
            /** @default false */
            guaranteed?: boolean;
            /** @default [] */
            deposits?: components["schemas"]["DepositStage"][];
            /** @default [] */
            cancellation?: components["schemas"]["CancellationStage"][];
            /**
             * Format: decimal
             * @default 0
             */
            attrition_percent?: string;
            /** @default null */
            valid_until?: string | null;
            /** @default  */
            notes?: string;
            /** @default  */
            internal_notes?: string;
        };
        /** OfferAnswer */
        OfferAnswer: {
            offer: components["schemas"]["OfferView"];
        };
        /** OfferWithdraw */
        OfferWithdraw: Record<string, never>;
        /** BookingConfirmLine */
        BookingConfirmLine: {
            /** @default  */
            reason?: string;
        };
        /** LineAnswer */
        LineAnswer: {
            line: components["schemas"]["LineView"];
        };
        /** BookingDeclineLine */
        BookingDeclineLine: {
            /** @default  */
            reason?: string;
        };
        /** BookingCancel */
        BookingCancel: {
            reason: string;
        };
        /** BookingAnswer */
        BookingAnswer: {
            booking: components["schemas"]["BookingPart"];
        };
        /** BookingSetRooming */
        BookingSetRooming: {
            guests: components["schemas"]["Guest"][];
        };
        /** GuideConfirm */
        GuideConfirm: {
            /** @default  */
            reason?: string;
        };
        /** AssignmentAnswer */
        AssignmentAnswer: {
            assignment: components["schemas"]["HoldView"];
        };
        /** GuideDecline */
        GuideDecline: {
            /** @default  */
            reason?: string;
        };
        /** AnnouncementPublish */
        AnnouncementPublish: {
            title: string;
            body: string;
        };
        /** AnnouncementAnswer */
        AnnouncementAnswer: {
            announcement: components["schemas"]["AnnouncementView"];
        };
        /** InboxAck */
        InboxAck: {
            ids: string[];
        };
        /** InboxLeft */
        InboxLeft: {
            left: number;
        };
        /**
         * Rights
         * @description What is left out stays as it is; a role that has no agency or hotel takes it away.
         */
        Rights: {
            /** @enum {unknown} */
            role?: "admin" | "agent" | "client" | "guide" | "hotel";
            company_id?: string | null;
            hotel_id?: string | null;
            active?: boolean;
        };
        /** PersonView */
        PersonView: {
            id: string;
            name: string;
            email: string;
            /** @enum {unknown} */
            role: "admin" | "agent" | "client" | "guide" | "hotel";
            active: boolean;
            company_id?: string;
            hotel_id?: string;
            customer_of?: string;
        };
        /**
         * DeadLetterList
         * @description Workflows that were given up, the last one first.
         */
        DeadLetterList: {
            items: components["schemas"]["WorkflowView"][];
        };
        /**
         * WorkflowView
         * @description A workflow as it stands; see `backend.services.records.Workflow`.
         */
        WorkflowView: {
            id: string;
            name: string;
            /** @enum {unknown} */
            queue: "bulk" | "high" | "low" | "normal";
            args: Record<string, never>;
            /** @enum {unknown} */
            state: "dead" | "done" | "running" | "waiting";
            turns: number;
            attempts: number;
            wake_at: string | null;
            progress: Record<string, never>;
            code: string;
            reason: string;
            step: string;
            begun_at: string;
            changed_at: string;
        };
        /** PaymentList */
        PaymentList: {
            items: components["schemas"]["PaymentItem"][];
            next: string | null;
        };
        /** PaymentsSince */
        PaymentsSince: {
            /** Format: date-time */
            since: string;
        };
        /** Reconciliation */
        Reconciliation: {
            differences: components["schemas"]["Difference"][];
            balances: components["schemas"]["BalanceView"][];
        };
        /**
         * PayAtLocalGateway
         * @description How it ends.
         */
        PayAtLocalGateway: {
            /**
             * @default received
             * @enum {unknown}
             */
            outcome?: "failed" | "received";
        };
        /**
         * Paid
         * @description Done; what comes of it is told like any fact.
         */
        Paid: Record<string, never>;
        /** LedgerList */
        LedgerList: {
            items: components["schemas"]["PostingView"][];
            next: string | null;
        };
        /**
         * CatalogueHotelList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueHotelList: {
            items: components["schemas"]["HotelView"][];
            next: string | null;
        };
        /** HotelView */
        HotelView: {
            id: string;
            name: string;
            city: string;
            /** Format: decimal */
            rating: string;
            /** Format: decimal */
            distance_km: string;
            capacity: number;
            amenities: string[];
            /** Format: decimal */
            answer_rate: string;
        };
        /**
         * HotelBody
         * @description A hotel. `rating` is 0..5, `answer_rate` a percentage, `distance_km` from the centre.
         */
        HotelBody: {
            name: string;
            city: string;
            /**
             * Format: decimal
             * @default 0
             */
            rating?: string;
            /**
             * Format: decimal
             * @default 0
             */
            distance_km?: string;
            /** @default 0 */
            capacity?: number;
            /** @default [] */
            amenities?: string[];
            /**
             * Format: decimal
             * @default 0
             */
            answer_rate?: string;
        };
        /**
         * Conditional
         * @description What the writer has seen: the ETag of what is replaced, or that there is nothing yet (`*`).
         */
        Conditional: {
            "If-Match"?: string;
            "If-None-Match"?: string;
        };
        /**
         * CatalogueGuideList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueGuideList: {
            items: components["schemas"]["Guide"][];
            next: string | null;
        };
        /**
         * Guide
         * @description A guide. `kind` is a tariff's, `user_id` the login of those who have one, `rating` is 0..5; who is not `active`
         *         gets no booking.
         */
        Guide: {
            id: string;
            name: string;
            /** @default local */
            kind?: string;
            /** @default null */
            user_id?: string | null;
            /** @default  */
            phone?: string;
            /** @default [] */
            languages?: components["schemas"]["Spoken"][];
            /** @default [] */
            skills?: string[];
            /** @default [] */
            certificates?: components["schemas"]["Certificate"][];
            /**
             * Format: decimal
             * @default 0
             */
            rating?: string;
            /** @default null */
            home?: components["schemas"]["Place"] | null;
            /** @default true */
            active?: boolean;
        };
        /**
         * GuideBody
         * @description A guide. `kind` is a tariff's, `user_id` the login of those who have one, `rating` is 0..5; who is not `active`
         *         gets no booking.
         */
        GuideBody: {
            name: string;
            /** @default local */
            kind?: string;
            /** @default null */
            user_id?: string | null;
            /** @default  */
            phone?: string;
            /** @default [] */
            languages?: components["schemas"]["Spoken"][];
            /** @default [] */
            skills?: string[];
            /** @default [] */
            certificates?: components["schemas"]["Certificate"][];
            /**
             * Format: decimal
             * @default 0
             */
            rating?: string;
            /** @default null */
            home?: components["schemas"]["Place"] | null;
            /** @default true */
            active?: boolean;
        };
        /**
         * CatalogueVehicleList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueVehicleList: {
            items: components["schemas"]["Vehicle"][];
            next: string | null;
        };
        /**
         * Vehicle
         * @description A vehicle with its drivers. `vehicle_class` is a tariff's code, `seats` are passengers'. Each driver drives at
         *         most `driver_hours` a day and, as all of them go along, `days_in_row` days before a day of rest. Without `active` it
         *         gets no booking.
         */
        Vehicle: {
            id: string;
            name: string;
            vehicle_class: string;
            seats: number;
            /** @default  */
            plate?: string;
            /** @default  */
            carrier?: string;
            /** @default 1 */
            drivers?: number;
            /** @default 9 */
            driver_hours?: number;
            /** @default 6 */
            days_in_row?: number;
            /** @default 50 */
            average_kmh?: number;
            /** @default false */
            accessible?: boolean;
            /** @default null */
            home?: components["schemas"]["Place"] | null;
            /** @default true */
            active?: boolean;
        };
        /**
         * VehicleBody
         * @description A vehicle with its drivers. `vehicle_class` is a tariff's code, `seats` are passengers'. Each driver drives at
         *         most `driver_hours` a day and, as all of them go along, `days_in_row` days before a day of rest. Without `active` it
         *         gets no booking.
         */
        VehicleBody: {
            name: string;
            vehicle_class: string;
            seats: number;
            /** @default  */
            plate?: string;
            /** @default  */
            carrier?: string;
            /** @default 1 */
            drivers?: number;
            /** @default 9 */
            driver_hours?: number;
            /** @default 6 */
            days_in_row?: number;
            /** @default 50 */
            average_kmh?: number;
            /** @default false */
            accessible?: boolean;
            /** @default null */
            home?: components["schemas"]["Place"] | null;
            /** @default true */
            active?: boolean;
        };
        /**
         * CatalogueTariffList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueTariffList: {
            items: components["schemas"]["Tariff"][];
            next: string | null;
        };
        /**
         * Tariff
         * @description The price list for trips of these days. `staff_night` is a guide's or driver's single room, `staff_day` their
         *         meals; the fuel surcharge is on what kilometres cost, the contingency on all of it.
         */
        Tariff: {
            id: string;
            name: string;
            currency: string;
            /** Format: date */
            valid_from: string;
            /** @default null */
            valid_until?: string | null;
            /** @default [] */
            vehicles?: components["schemas"]["VehicleRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            fuel_percent?: string;
            /** @default [] */
            guides?: components["schemas"]["GuideRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            staff_night?: string;
            /**
             * Format: decimal
             * @default 0
             */
            staff_day?: string;
            /** @default [] */
            items?: components["schemas"]["ItemRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            contingency_percent?: string;
            /** @default [] */
            taxes?: components["schemas"]["SalesTax"][];
        };
        /**
         * TariffBody
         * @description The price list for trips of these days. `staff_night` is a guide's or driver's single room, `staff_day` their
         *         meals; the fuel surcharge is on what kilometres cost, the contingency on all of it.
         */
        TariffBody: {
            name: string;
            currency: string;
            /** Format: date */
            valid_from: string;
            /** @default null */
            valid_until?: string | null;
            /** @default [] */
            vehicles?: components["schemas"]["VehicleRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            fuel_percent?: string;
            /** @default [] */
            guides?: components["schemas"]["GuideRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            staff_night?: string;
            /**
             * Format: decimal
             * @default 0
             */
            staff_day?: string;
            /** @default [] */
            items?: components["schemas"]["ItemRate"][];
            /**
             * Format: decimal
             * @default 0
             */
            contingency_percent?: string;
            /** @default [] */
            taxes?: components["schemas"]["SalesTax"][];
        };
        /**
         * CatalogueRateList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueRateList: {
            items: components["schemas"]["RateView"][];
            next: string | null;
        };
        /**
         * RateView
         * @description A rate with the id that its currencies and its day make.
         */
        RateView: {
            base: string;
            quote: string;
            /** Format: decimal */
            rate: string;
            /** Format: date */
            on: string;
            id: string;
        };
        /**
         * Rate
         * @description On the day `on`, one unit of `base` was worth `rate` units of `quote`.
         */
        Rate: {
            base: string;
            quote: string;
            /** Format: decimal */
            rate: string;
            /** Format: date */
            on: string;
        };
        /**
         * CatalogueTemplateList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueTemplateList: {
            items: components["schemas"]["Template"][];
            next: string | null;
        };
        /**
         * Template
         * @description An itinerary day by day, and the programme that goes with it; the last day is that of the check-out.
         */
        Template: {
            id: string;
            name: string;
            /** @default  */
            destination?: string;
            /**
             * @default BB
             * @enum {unknown}
             */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default [] */
            days?: components["schemas"]["TemplateDay"][];
            /**
             * @default {
             *       "transport": [],
             *       "guides": [],
             *       "items": [],
             *       "services": [],
             *       "bands": []
             *     }
             */
            programme?: components["schemas"]["Programme"];
        };
        /**
         * TemplateBody
         * @description An itinerary day by day, and the programme that goes with it; the last day is that of the check-out.
         */
        TemplateBody: {
            name: string;
            /** @default  */
            destination?: string;
            /**
             * @default BB
             * @enum {unknown}
             */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default [] */
            days?: components["schemas"]["TemplateDay"][];
            /**
             * @default {
             *       "transport": [],
             *       "guides": [],
             *       "items": [],
             *       "services": [],
             *       "bands": []
             *     }
             */
            programme?: components["schemas"]["Programme"];
        };
        /**
         * CatalogueProfileList
         * @description A page of a list; `next` asks for the one after it and is null at the end.
         */
        CatalogueProfileList: {
            items: components["schemas"]["Profile"][];
            next: string | null;
        };
        /**
         * Profile
         * @description A kind of group: how many they mostly are, what they eat and need, and who should guide and drive them.
         */
        Profile: {
            id: string;
            name: string;
            /** @default  */
            description?: string;
            /** @default 10 */
            pax_from?: number;
            /** @default 40 */
            pax_to?: number;
            /**
             * @default BB
             * @enum {unknown}
             */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default [] */
            special_requirements?: string[];
            /** @default [] */
            guide_languages?: string[];
            /** @default [] */
            guide_skills?: string[];
            /** @default [] */
            guide_certificates?: string[];
            /** @default null */
            vehicle_class?: string | null;
            /** @default false */
            accessible?: boolean;
        };
        /**
         * ProfileBody
         * @description A kind of group: how many they mostly are, what they eat and need, and who should guide and drive them.
         */
        ProfileBody: {
            name: string;
            /** @default  */
            description?: string;
            /** @default 10 */
            pax_from?: number;
            /** @default 40 */
            pax_to?: number;
            /**
             * @default BB
             * @enum {unknown}
             */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            /** @default [] */
            special_requirements?: string[];
            /** @default [] */
            guide_languages?: string[];
            /** @default [] */
            guide_skills?: string[];
            /** @default [] */
            guide_certificates?: string[];
            /** @default null */
            vehicle_class?: string | null;
            /** @default false */
            accessible?: boolean;
        };
        /** AllotmentView */
        AllotmentView: {
            month: string;
            nights: {
                [key: string]: {
                    [key: string]: components["schemas"]["NightView"];
                };
            };
        };
        /**
         * AllotmentBody
         * @description A month's rooms to sell, by night and type; what is left out is on request, 0 is closed.
         */
        AllotmentBody: {
            nights: {
                [key: string]: {
                    [key: string]: number;
                };
            };
        };
        /**
         * CalendarView
         * @description Days off, and the booking that each other taken day belongs to.
         */
        CalendarView: {
            month: string;
            off: string[];
            booked: {
                [key: string]: string;
            };
        };
        /**
         * DaysOffBody
         * @description The month's days off.
         */
        DaysOffBody: {
            off: string[];
        };
        /** DemoAccount */
        DemoAccount: {
            email: string;
            label: string;
            /** @enum {unknown} */
            role: "admin" | "agent" | "client" | "guide" | "hotel";
        };
        /**
         * QuotationItem
         * @description A quotation in a list; `children` is how many travel.
         */
        QuotationItem: {
            title?: string;
            destination?: string;
            /** Format: date */
            check_in?: string;
            /** Format: date */
            check_out?: string;
            rooms?: components["schemas"]["Rooms"];
            adults?: number;
            children_ages?: number[];
            /** @enum {unknown} */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            special_requirements?: string[];
            budget?: components["schemas"]["Budget"];
            currency?: string;
            deadline?: string;
            min_offers?: number;
            hotel_selection?: components["schemas"]["HotelSelection"];
            auto_award?: boolean;
            weights?: components["schemas"]["Weights"];
            deposit?: components["schemas"]["Deposit"];
            privacy?: components["schemas"]["PrivacySettings"];
            /** Format: decimal */
            markup_percent?: string;
            band_markups?: components["schemas"]["BandMarkup"][];
            programme?: components["schemas"]["Programme"];
            notes?: string;
            internal_notes?: string;
            client_id?: string;
            id: string;
            /** @enum {unknown} */
            state?: "accepted" | "awarded" | "cancelled" | "completed" | "confirmed" | "deposit_paid" | "draft" | "expired" | "published" | "reviewing";
            /** @enum {unknown} */
            invitation?: "closed" | "not_selected" | "open" | "selected";
            version?: number;
            company?: components["schemas"]["Named"];
            client?: components["schemas"]["Named"];
            /** Format: decimal */
            margin_percent?: string;
            extensions?: {
                [key: string]: components["schemas"]["ExtensionView"];
            };
            cancel_reason?: string;
            reject_reason?: string;
            invitations?: {
                [key: string]: components["schemas"]["InvitationView"];
            };
            offers?: {
                [key: string]: components["schemas"]["OfferView"];
            };
            competitors?: {
                [key: string]: components["schemas"]["OfferView"];
            };
            awarded_offer_id?: string;
            selling?: components["schemas"]["Selling"];
            running?: components["schemas"]["RunningView"];
            costing?: components["schemas"]["CostingView"];
            choices?: components["schemas"]["Choices"];
            programme_items?: {
                [key: string]: components["schemas"]["ProgrammeItem"];
            };
            rank?: components["schemas"]["Rank"];
            totals?: components["schemas"]["Money"][];
            grants?: {
                [key: string]: components["schemas"]["GrantView"];
            };
            booking?: components["schemas"]["BookingPart"];
            children: number;
        };
        /**
         * Rooms
         * @description How many rooms of each type.
         */
        Rooms: {
            /** @default 0 */
            single?: number;
            /** @default 0 */
            double?: number;
            /** @default 0 */
            twin?: number;
            /** @default 0 */
            triple?: number;
            /** @default 0 */
            suite?: number;
        };
        /**
         * Budget
         * @description What the client would spend on the whole group.
         */
        Budget: {
            /** @default null */
            min?: components["schemas"]["Money"] | null;
            /** @default null */
            max?: components["schemas"]["Money"] | null;
        };
        /**
         * Money
         * @description An amount of at least zero, kept with exactly its currency's digits: equal money is equal text.
         */
        Money: {
            /** Format: decimal */
            amount: string;
            currency: string;
        };
        /**
         * HotelSelection
         * @description How hotels are chosen: by hand, by criteria, or both.
         */
        HotelSelection: {
            /**
             * @default manual
             * @enum {unknown}
             */
            mode?: "automatic" | "manual" | "mixed";
            /** @default [] */
            hotel_ids?: string[];
            /**
             * @default {
             *       "min_rating": null,
             *       "max_distance_km": null,
             *       "min_capacity": null,
             *       "amenities": [],
             *       "min_answer_rate": null,
             *       "count": 5
             *     }
             */
            criteria?: components["schemas"]["Criteria"];
        };
        /**
         * Criteria
         * @description What an automatically chosen hotel must have; `count` is how many are invited.
         */
        Criteria: {
            /** @default null */
            min_rating?: string | null;
            /** @default null */
            max_distance_km?: string | null;
            /** @default null */
            min_capacity?: number | null;
            /** @default [] */
            amenities?: string[];
            /** @default null */
            min_answer_rate?: string | null;
            /** @default 5 */
            count?: number;
        };
        /**
         * Weights
         * @description How much each quality counts in ranking; relative to their sum.
         */
        Weights: {
            /**
             * Format: decimal
             * @default 50
             */
            price?: string;
            /**
             * Format: decimal
             * @default 20
             */
            rating?: string;
            /**
             * Format: decimal
             * @default 10
             */
            services?: string;
            /**
             * Format: decimal
             * @default 10
             */
            cancellation?: string;
            /**
             * Format: decimal
             * @default 10
             */
            speed?: string;
        };
        /**
         * Deposit
         * @description What the client pays first: a share of the selling total or an amount, by a day.
         */
        Deposit: {
            /** @default false */
            required?: boolean;
            /** @default null */
            percent?: string | null;
            /** @default null */
            amount?: components["schemas"]["Money"] | null;
            /** @default null */
            due?: string | null;
        };
        /**
         * PrivacySettings
         * @description What hotels may learn of each other. Loosened in draft only.
         */
        PrivacySettings: {
            /** @default true */
            hide_competitor_prices?: boolean;
            /** @default false */
            show_own_rank?: boolean;
            /** @default false */
            reveal_prices_after_deadline?: boolean;
        };
        /**
         * BandMarkup
         * @description The markup for groups of one band (`10-14`, `40+`), instead of the usual one.
         */
        BandMarkup: {
            band: string;
            /** Format: decimal */
            percent: string;
        };
        /**
         * Programme
         * @description `services` are those of the hotel's optional services that are wanted, by their names.
         *
         *         `bands` are the sizes at which the bands of the selling table begin, rising; none are the usual ones.
         */
        Programme: {
            /** @default [] */
            transport?: components["schemas"]["Leg"][];
            /** @default [] */
            guides?: components["schemas"]["GuideNeed"][];
            /** @default [] */
            items?: components["schemas"]["ItemNeed"][];
            /** @default [] */
            services?: string[];
            /** @default [] */
            bands?: number[];
        };
        /**
         * Leg
         * @description A part of the way, `km` in all over `days`. Without a `vehicle` the cheapest that seats the group goes.
         */
        Leg: {
            /** @default  */
            name?: string;
            /** @default null */
            vehicle?: string | null;
            /** @default 0 */
            km?: number;
            /** @default 1 */
            days?: number;
        };
        /**
         * GuideNeed
         * @description A guide who speaks `language`, for `days`; `overtime_hours` are in all.
         */
        GuideNeed: {
            language: string;
            /** @default local */
            kind?: string;
            /** @default 1 */
            days?: number;
            /** @default 0 */
            overtime_hours?: number;
        };
        /**
         * ItemNeed
         * @description An item of the tariff, so many `times`: three lunches, one permit.
         */
        ItemNeed: {
            code: string;
            /** @default 1 */
            times?: number;
        };
        /** Named */
        Named: {
            id?: string;
            name?: string;
            email?: string;
        };
        /** ExtensionView */
        ExtensionView: {
            deadline: string;
            reason: string;
            at: string;
        };
        /** InvitationView */
        InvitationView: {
            hotel_id: string;
            name: string;
            /** @enum {unknown} */
            state: "closed" | "not_selected" | "open" | "selected";
            invited_at: string;
            /** Format: decimal */
            rating?: string;
        };
        /**
         * OfferView
         * @description An offer as one may see it: net amounts for its hotel and admins, agency amounts for the agency.
         */
        OfferView: {
            id?: string;
            hotel_id?: string;
            hotel_name?: string;
            revision?: number;
            revisions_left?: number;
            /** @enum {unknown} */
            state?: "draft" | "expired" | "not_selected" | "outdated" | "revised" | "selected" | "submitted" | "withdrawn";
            /** @enum {unknown} */
            board?: "AI" | "BB" | "FB" | "HB" | "RO";
            foc?: components["schemas"]["Foc"];
            rooms?: components["schemas"]["OfferRoom"][];
            included_services?: string[];
            excluded_services?: string[];
            optional_services?: components["schemas"]["OfferService"][];
            option_until?: string;
            /** Format: date */
            release_date?: string;
            allotment?: number;
            guaranteed?: boolean;
            /** Format: decimal */
            attrition_percent?: string;
            cancellation?: components["schemas"]["CancellationStage"][];
            valid_until?: string;
            notes?: string;
            internal_notes?: string;
            single_supplement?: components["schemas"]["Money"];
            triple_reduction?: components["schemas"]["Money"];
            extra_bed?: components["schemas"]["Money"];
            child_bands?: components["schemas"]["ChildBand"][];
            taxes?: components["schemas"]["Tax"][];
            /** Format: decimal */
            commission_percent?: string;
            deposits?: components["schemas"]["DepositStage"][];
            net_total?: components["schemas"]["Money"];
            agency_supplement?: components["schemas"]["Money"];
            agency_reduction?: components["schemas"]["Money"];
            agency_extra_bed?: components["schemas"]["Money"];
            agency_taxes?: components["schemas"]["Tax"][];
            agency_total?: components["schemas"]["Money"];
            agency_price?: components["schemas"]["Money"];
            agency_lines?: {
                [key: string]: components["schemas"]["PriceLine"];
            };
            net_lines?: {
                [key: string]: components["schemas"]["PriceLine"];
            };
            selling_total?: components["schemas"]["Money"];
            selling_before_taxes?: components["schemas"]["Money"];
            selling_per_person?: components["schemas"]["Money"];
            rank?: number;
            /** Format: decimal */
            score?: string;
        };
        /**
         * Foc
         * @description Free of charge: `free` places for each `per` paying pax, as half a twin or a single, up to `cap` places.
         */
        Foc: {
            /** @default 1 */
            free?: number;
            per: number;
            /**
             * @default half_twin
             * @enum {unknown}
             */
            unit?: "half_twin" | "single";
            /** @default null */
            cap?: number | null;
        };
        /** OfferRoom */
        OfferRoom: {
            /** @enum {unknown} */
            type: "double" | "single" | "suite" | "triple" | "twin";
            /** @enum {unknown} */
            per: "person_night" | "room_night";
            quantity: number;
            net_rate?: components["schemas"]["Money"];
            agency_rate?: components["schemas"]["Money"];
        };
        /** OfferService */
        OfferService: {
            name: string;
            price?: components["schemas"]["Money"];
            agency_price?: components["schemas"]["Money"];
        };
        /**
         * CancellationStage
         * @description Cancelling fewer than `days_before` days before check-in costs `penalty_percent` of the total.
         */
        CancellationStage: {
            days_before: number;
            /** Format: decimal */
            penalty_percent: string;
        };
        /**
         * ChildBand
         * @description Children of at most this age, and above the band before, pay this share of an adult's rate.
         */
        ChildBand: {
            up_to: number;
            /** Format: decimal */
            percent: string;
        };
        /**
         * Tax
         * @description A tax that the rates include, or that is payable locally per pax, night or stay.
         */
        Tax: {
            name: string;
            /** @default true */
            included?: boolean;
            /**
             * @default stay
             * @enum {unknown}
             */
            per?: "night" | "pax" | "stay";
            /** @default null */
            amount?: components["schemas"]["Money"] | null;
            /** @default null */
            percent?: string | null;
        };
        /**
         * DepositStage
         * @description A share of the total that the hotel wants by a day.
         */
        DepositStage: {
            /** Format: decimal */
            percent: string;
            /** Format: date */
            due: string;
        };
        /**
         * PriceLine
         * @description `quantity` times `unit` is `amount`; where it is `less`, it is taken off.
         */
        PriceLine: {
            /** @enum {unknown} */
            kind: "child" | "contingency" | "distance" | "extra_bed" | "free_places" | "fuel" | "guide" | "insurance" | "margin" | "markup" | "meal" | "other" | "overtime" | "parking" | "permit" | "porterage" | "room" | "service" | "staff_lodging" | "staff_meals" | "tax" | "ticket" | "tip" | "tolls" | "trip" | "vehicle" | "water";
            quantity: number;
            unit: components["schemas"]["Money"];
            amount: components["schemas"]["Money"];
            name?: string;
            less?: boolean;
        };
        /**
         * Selling
         * @description What the client pays; bands are by the size of the group, `10-14` or `40+`, for each who pays.
         *
         *         Figures include the taxes; `child_reductions` are by ages, `0-5`.
         */
        Selling: {
            total?: components["schemas"]["Money"];
            per_person?: components["schemas"]["Money"];
            single_supplement?: components["schemas"]["Money"];
            triple_reduction?: components["schemas"]["Money"];
            bands?: {
                [key: string]: components["schemas"]["Money"];
            };
            child_reductions?: {
                [key: string]: components["schemas"]["Money"];
            };
            before_taxes?: components["schemas"]["Money"];
            taxes?: components["schemas"]["TaxDue"][];
        };
        /** TaxDue */
        TaxDue: {
            name: string;
            /** Format: decimal */
            percent: string;
            amount: components["schemas"]["Money"];
        };
        /**
         * RunningView
         * @description What the trip costs besides its hotel, at the agency's price, for the group and for each band's; `costs` is what
         *         that is made from. What the tariff has no price for is `missing`: `transport-1`, `guide-2`, `item-lunch`.
         */
        RunningView: {
            total?: components["schemas"]["Money"];
            bands?: {
                [key: string]: components["schemas"]["Money"];
            };
            lines?: {
                [key: string]: components["schemas"]["PriceLine"];
            };
            costs?: {
                [key: string]: components["schemas"]["PriceLine"];
            };
            missing?: string[];
            tax_percents?: {
                [key: string]: string;
            };
        };
        /**
         * CostingView
         * @description What running costs are computed with, copied on the day `on`.
         */
        CostingView: {
            tariff: components["schemas"]["TariffName"];
            /** Format: date */
            on: string;
            rate?: components["schemas"]["Rate"];
        };
        /** TariffName */
        TariffName: {
            id: string;
            name: string;
            currency: string;
        };
        /**
         * Choices
         * @description What a programme can name, by code.
         */
        Choices: {
            vehicles?: {
                [key: string]: components["schemas"]["VehicleChoice"];
            };
            guides?: components["schemas"]["GuideChoice"][];
            items?: {
                [key: string]: components["schemas"]["ItemChoice"];
            };
        };
        /** VehicleChoice */
        VehicleChoice: {
            name: string;
            seats: number;
        };
        /** GuideChoice */
        GuideChoice: {
            language: string;
            kind: string;
            name?: string;
        };
        /** ItemChoice */
        ItemChoice: {
            name: string;
            /** @enum {unknown} */
            category: "insurance" | "meal" | "other" | "permit" | "porterage" | "ticket" | "tip" | "water";
            /** @enum {unknown} */
            per: "group" | "person";
        };
        /**
         * ProgrammeItem
         * @description What the programme has of the tariff's items, as people call it.
         */
        ProgrammeItem: {
            name: string;
            /** @enum {unknown} */
            category: "insurance" | "meal" | "other" | "permit" | "porterage" | "ticket" | "tip" | "water";
            times: number;
        };
        /** Rank */
        Rank: {
            rank: number;
            of: number;
        };
        /** GrantView */
        GrantView: {
            hotel_id: string;
            by: components["schemas"]["Who"];
            reason: string;
            at: string;
        };
        /** Who */
        Who: {
            /** @enum {unknown} */
            kind: "admin" | "agent" | "client" | "guide" | "hotel" | "system";
            id: string;
            name: string;
        };
        /**
         * BookingPart
         * @description The booking inside its quotation.
         */
        BookingPart: {
            id?: string;
            reference?: string;
            /** @enum {unknown} */
            status?: "cancelled" | "completed" | "confirmed" | "pending";
            steps?: {
                [key: string]: components["schemas"]["StepView"];
            };
            lines?: {
                [key: string]: components["schemas"]["LineView"];
            };
            payments?: {
                [key: string]: components["schemas"]["PaymentView"];
            };
            holds?: {
                [key: string]: components["schemas"]["HoldView"];
            };
            /** Format: decimal */
            penalty_percent?: string;
            penalty?: components["schemas"]["Money"];
            rooming?: components["schemas"]["Guest"][];
            cancel_reason?: string;
        };
        /** StepView */
        StepView: {
            /** @enum {unknown} */
            state: "done" | "failed" | "not_needed" | "running" | "undone" | "waiting";
            at?: string;
            started_at?: string;
            attempts?: number;
        };
        /** LineView */
        LineView: {
            id?: string;
            hotel_id?: string;
            hotel_name?: string;
            offer_id?: string;
            /** @enum {unknown} */
            state?: "cancelled" | "confirmed" | "declined" | "lapsed" | "pending";
            reason?: string;
            answer_by?: string;
            /** Format: decimal */
            penalty_percent?: string;
            net_penalty?: components["schemas"]["Money"];
            agency_penalty?: components["schemas"]["Money"];
        };
        /**
         * PaymentView
         * @description What the client pays, or gets back of the payment `of`.
         */
        PaymentView: {
            id?: string;
            /** @enum {unknown} */
            kind?: "deposit" | "refund";
            amount?: components["schemas"]["Money"];
            /** @enum {unknown} */
            state?: "failed" | "lapsed" | "received" | "requested";
            at?: string;
            due?: string;
            of?: string;
            reason?: string;
            gateway?: string;
            reference?: string;
        };
        /**
         * HoldView
         * @description What is taken of an allotment or a calendar; `rooms` by type, every night. Of a guide with a login it is an
         *         assignment, too, to be answered by `answer_by`.
         */
        HoldView: {
            id?: string;
            /** @enum {unknown} */
            kind?: "allotment" | "guide" | "vehicle";
            resource_id?: string;
            name?: string;
            need?: string;
            /** Format: date */
            first?: string;
            /** Format: date */
            last?: string;
            rooms?: {
                [key: string]: number;
            };
            /** Format: decimal */
            score?: string;
            /** @enum {unknown} */
            state?: "held" | "refused" | "released" | "taking";
            user_id?: string;
            /** @enum {unknown} */
            answer?: "awaited" | "confirmed" | "declined" | "lapsed";
            answer_by?: string;
            reason?: string;
        };
        /**
         * Guest
         * @description One person of the rooming list.
         */
        Guest: {
            name: string;
            /** @default  */
            room?: string;
            /** @default null */
            room_type?: ("double" | "single" | "suite" | "triple" | "twin") | null;
            /** @default  */
            diet?: string;
            /** @default  */
            remarks?: string;
        };
        /**
         * VersionView
         * @description One version of the terms; `by` is null when one may not know who made it.
         */
        VersionView: {
            version: number;
            at: string;
            by: components["schemas"]["Who"] | null;
            changes: components["schemas"]["FieldHistory"][];
            terms: components["schemas"]["TermsView"];
        };
        /** FieldHistory */
        FieldHistory: {
            field: string;
            old: unknown;
            new: unknown;
        };
        /**
         * TermsView
         * @description The terms that one may see.
         */
        TermsView: {
            title?: string;
            destination?: string;
            /** Format: date */
            check_in?: string;
            /** Format: date */
            check_out?: string;
            rooms?: components["schemas"]["Rooms"];
            adults?: number;
            children_ages?: number[];
            /** @enum {unknown} */
            meal_plan?: "AI" | "BB" | "FB" | "HB" | "RO";
            special_requirements?: string[];
            budget?: components["schemas"]["Budget"];
            currency?: string;
            deadline?: string;
            min_offers?: number;
            hotel_selection?: components["schemas"]["HotelSelection"];
            auto_award?: boolean;
            weights?: components["schemas"]["Weights"];
            deposit?: components["schemas"]["Deposit"];
            privacy?: components["schemas"]["PrivacySettings"];
            /** Format: decimal */
            markup_percent?: string;
            band_markups?: components["schemas"]["BandMarkup"][];
            programme?: components["schemas"]["Programme"];
            notes?: string;
            internal_notes?: string;
            client_id?: string;
        };
        /** NotificationView */
        NotificationView: {
            id: string;
            kind: string;
            at: string;
            quotation_id?: string;
            title?: string;
            /** @enum {unknown} */
            state?: "accepted" | "awarded" | "cancelled" | "completed" | "confirmed" | "deposit_paid" | "draft" | "expired" | "published" | "reviewing";
            /** @enum {unknown} */
            invitation?: "closed" | "not_selected" | "open" | "selected";
        };
        /** AnnouncementView */
        AnnouncementView: {
            id: string;
            title: string;
            body: string;
            at: string;
        };
        /** ClientView */
        ClientView: {
            id: string;
            name: string;
            email: string;
        };
        /**
         * StateCounts
         * @description How many quotations of the last year are in which state; one in which there are none is absent.
         */
        StateCounts: {
            draft?: number;
            published?: number;
            reviewing?: number;
            awarded?: number;
            accepted?: number;
            deposit_paid?: number;
            confirmed?: number;
            completed?: number;
            cancelled?: number;
            expired?: number;
        };
        /**
         * Funnel
         * @description How many were published, and how many of these came how far.
         */
        Funnel: {
            /** @default 0 */
            published?: number;
            /** @default 0 */
            offered?: number;
            /** @default 0 */
            awarded?: number;
            /** @default 0 */
            accepted?: number;
            /** @default 0 */
            confirmed?: number;
        };
        /**
         * AnswersView
         * @description Hotels that were invited, those of them that made an offer, and after how many seconds a quarter, half and three
         *         quarters of these had; absent while nobody has.
         */
        AnswersView: {
            invited: number;
            answered: number;
            seconds?: [
                number,
                number,
                number
            ];
        };
        /**
         * WeekView
         * @description A week by its Monday, in UTC. `values` are what agencies pay for what was accepted in it, a sum per currency.
         */
        WeekView: {
            /** Format: date */
            week: string;
            published: number;
            accepted: number;
            values: components["schemas"]["Money"][];
            answers: components["schemas"]["AnswersView"];
        };
        /**
         * WorkflowsView
         * @description By queue, but for those with nothing in them; and those whose turns have been under way the longest.
         */
        WorkflowsView: {
            queues: {
                [key: string]: components["schemas"]["QueueView"];
            };
            running: components["schemas"]["UnderWayView"][];
        };
        /**
         * QueueView
         * @description How many workflows of a queue wait, have a turn under way, and were given up.
         */
        QueueView: {
            waiting: number;
            running: number;
            dead: number;
        };
        /**
         * UnderWayView
         * @description A workflow with a turn under way: the how manieth, `since` when, after how many failures, and how far it is.
         */
        UnderWayView: {
            id: string;
            name: string;
            turns: number;
            attempts: number;
            progress: Record<string, never>;
            since: string;
        };
        /**
         * OutboxView
         * @description What waits for the relay: rows, and the seconds that the oldest has waited.
         */
        OutboxView: {
            waiting: number;
            oldest: number;
        };
        /**
         * ProcessView
         * @description A process with its figures of `age` seconds ago; what it does not do is null.
         */
        ProcessView: {
            id: string;
            alive: boolean;
            age: number;
            at: string;
            started_at: string;
            host: string;
            pid: number;
            tasks: number;
            open_files: number;
            memory_bytes: number;
            cpu_seconds: number;
            node: components["schemas"]["NodeFigures"] | null;
            relay: components["schemas"]["RelayFigures"] | null;
            worker: components["schemas"]["WorkerFigures"] | null;
        };
        /**
         * NodeFigures
         * @description Now: `connections`, `rooms`, `channels`, those of them that lag `behind` the table, `unsent_bytes`. Since the
         *         start: all others. `timed` frames took `timed_seconds` together from their fact's decision to the sockets.
         *         `lagging`: the worst channels of those behind, the worst first.
         */
        NodeFigures: {
            /** @default 0 */
            connections?: number;
            /** @default 0 */
            rooms?: number;
            /** @default 0 */
            channels?: number;
            /** @default 0 */
            behind?: number;
            /** @default 0 */
            unsent_bytes?: number;
            /** @default 0 */
            deliveries?: number;
            /** @default 0 */
            timed?: number;
            /** @default 0 */
            timed_seconds?: number;
            /** @default 0 */
            repairs?: number;
            /** @default 0 */
            resets?: number;
            /** @default 0 */
            slow_readers?: number;
            /** @default 0 */
            signals_dropped?: number;
            /** @default 0 */
            malformed?: number;
            /** @default 0 */
            shed?: number;
            /** @default 0 */
            requests?: number;
            /** @default {} */
            commands?: {
                [key: string]: components["schemas"]["CommandFigures"];
            };
            /** @default {} */
            refusals?: {
                [key: string]: number;
            };
            /** @default [] */
            lagging?: components["schemas"]["Lagging"][];
        };
        /**
         * CommandFigures
         * @description `seconds` is what all of them took together, `refused` how many of `count` were.
         */
        CommandFigures: {
            /** @default 0 */
            count?: number;
            /** @default 0 */
            refused?: number;
            /** @default 0 */
            seconds?: number;
        };
        /**
         * Lagging
         * @description A channel that was behind the table at the last comparison, and by how many frames it still is.
         */
        Lagging: {
            channel: string;
            frames: number;
        };
        /**
         * RelayFigures
         * @description `lag` is how long the oldest row had waited when the relay last looked; the others count since the start.
         */
        RelayFigures: {
            /** @default 0 */
            lag?: number;
            /** @default 0 */
            rows?: number;
            /** @default 0 */
            frames?: number;
            /** @default 0 */
            failures?: number;
            /** @default 0 */
            outages?: number;
        };
        /**
         * WorkerFigures
         * @description Since the start: `due` quotations looked at because their time had come; `turns` of workflows that ended well,
         *         `failed` ones, workflows given up as `dead`, and turns `taken_over` from workers that died.
         */
        WorkerFigures: {
            /** @default 0 */
            due?: number;
            /** @default 0 */
            turns?: number;
            /** @default 0 */
            failed?: number;
            /** @default 0 */
            dead?: number;
            /** @default 0 */
            taken_over?: number;
        };
        /** DocumentView */
        DocumentView: {
            /** @enum {unknown} */
            kind: "invoice" | "itinerary" | "proposal" | "rooming_list" | "voucher";
        };
        /** AuditView */
        AuditView: {
            id: string;
            at: string;
            user_id: string;
            action: string;
            subject: string;
            outcome: string;
            detail: {
                [key: string]: string;
            };
        };
        /**
         * Told
         * @description Something that one was told, under the name of its event; `by` is null where one may not know that.
         */
        Told: {
            id: string;
            at: string;
            name: string;
            by: components["schemas"]["Who"] | null;
        };
        /**
         * FieldEdit
         * @description One field, or a dotted path into one, and its new value.
         */
        FieldEdit: {
            field: string;
            value: unknown;
        };
        /**
         * RoomRate
         * @description A net rate for one room type, per room and night or per person and night.
         */
        RoomRate: {
            /** @enum {unknown} */
            type: "double" | "single" | "suite" | "triple" | "twin";
            net_rate: components["schemas"]["Money"];
            /**
             * @default room_night
             * @enum {unknown}
             */
            per?: "person_night" | "room_night";
            quantity: number;
        };
        /** OptionalService */
        OptionalService: {
            name: string;
            price: components["schemas"]["Money"];
        };
        /**
         * PaymentItem
         * @description What the client pays, or gets back of the payment `of`.
         */
        PaymentItem: {
            id: string;
            booking_id: string;
            quotation_id: string;
            title: string;
            /** @enum {unknown} */
            kind: "deposit" | "refund";
            amount: components["schemas"]["Money"];
            /** @enum {unknown} */
            state: "failed" | "lapsed" | "received" | "requested";
            at: string;
            due?: string;
            of?: string;
            reason?: string;
            gateway?: string;
            reference?: string;
        };
        /**
         * Difference
         * @description How a payment ended: at the gateway, and here.
         */
        Difference: {
            gateway: string;
            payment_id: string;
            theirs: string;
            ours: string;
        };
        /**
         * BalanceView
         * @description In minor units.
         */
        BalanceView: {
            account: string;
            currency: string;
            amount: number;
        };
        /**
         * PostingView
         * @description One account's part of an entry, in minor units; those of an entry come to nothing.
         */
        PostingView: {
            entry_id: string;
            account: string;
            /** @enum {unknown} */
            kind: "deposit" | "penalty" | "refund" | "reversal" | "sale";
            booking_id: string;
            amount: number;
            currency: string;
            at: string;
        };
        /**
         * Spoken
         * @description A language, by the code that tariffs know it by (`es`), and how well somebody speaks it.
         */
        Spoken: {
            language: string;
            /**
             * @default fluent
             * @enum {unknown}
             */
            level?: "basic" | "fluent" | "native";
        };
        /**
         * Certificate
         * @description A licence or a course; without `expires`, the last day that it is good for, it is good for ever.
         */
        Certificate: {
            name: string;
            /** @default null */
            expires?: string | null;
        };
        /**
         * Place
         * @description A town by its name, and where it lies in degrees if that is known.
         */
        Place: {
            name: string;
            /** @default null */
            latitude?: string | null;
            /** @default null */
            longitude?: string | null;
        };
        /**
         * VehicleRate
         * @description A class of vehicle with its driver: `seats` besides the driver's; what a day, a kilometre, tolls for each
         *         kilometre and a day's parking cost.
         */
        VehicleRate: {
            code: string;
            name: string;
            seats: number;
            /** Format: decimal */
            day: string;
            /**
             * Format: decimal
             * @default 0
             */
            km?: string;
            /**
             * Format: decimal
             * @default 0
             */
            toll_km?: string;
            /**
             * Format: decimal
             * @default 0
             */
            parking_day?: string;
        };
        /**
         * GuideRate
         * @description A guide's fee by language and kind. Who is `lodged` travels with the group and needs a room each night.
         */
        GuideRate: {
            language: string;
            /** @default local */
            kind?: string;
            /** @default  */
            name?: string;
            /** Format: decimal */
            day: string;
            /**
             * Format: decimal
             * @default 0
             */
            overtime_hour?: string;
            /** @default false */
            lodged?: boolean;
        };
        /**
         * ItemRate
         * @description A ticket, a meal and so on, for each person or once for the group; `child` is what it costs under 18.
         */
        ItemRate: {
            code: string;
            name: string;
            /** @enum {unknown} */
            category: "insurance" | "meal" | "other" | "permit" | "porterage" | "ticket" | "tip" | "water";
            /**
             * @default person
             * @enum {unknown}
             */
            per?: "group" | "person";
            /** Format: decimal */
            amount: string;
            /** @default null */
            child?: string | null;
        };
        /**
         * SalesTax
         * @description A tax that the client pays on the selling price.
         */
        SalesTax: {
            name: string;
            /** Format: decimal */
            percent: string;
        };
        /** TemplateDay */
        TemplateDay: {
            title: string;
            /** @default  */
            text?: string;
        };
        /** NightView */
        NightView: {
            total: number;
            taken: number;
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
