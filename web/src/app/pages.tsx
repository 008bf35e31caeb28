/** Who has which pages. Each page is its own chunk. */
import {
  IconBed,
  IconBooks,
  IconBuildingSkyscraper,
  IconChartBar,
  IconHeartbeat,
  IconInbox,
  IconListDetails,
  IconMap2,
  IconShieldCheck,
  IconSpeakerphone,
} from '@tabler/icons-react';
import { lazy, type ComponentType } from 'react';
import type { Key } from '@/i18n';
import type { Role } from '@/live/protocol';

type AnyPage = ComponentType<{ params: { id: string } }> | ComponentType;

export interface PageOf {
  path: string;
  Page: AnyPage;
  /** Pages with a label stand in the navigation. */
  label?: Key;
  Icon?: ComponentType<{ size?: number | string }>;
}

const Quotations = lazy(() => import('@/pages/agent/Quotations'));
const Dashboard = lazy(() => import('@/pages/dashboard/Dashboard'));
const Quotation = lazy(() => import('@/pages/agent/Quotation'));
const Invitations = lazy(() => import('@/pages/hotel/Invitations'));
const Invitation = lazy(() => import('@/pages/hotel/Invitation'));
const Trips = lazy(() => import('@/pages/client/Trips'));
const Trip = lazy(() => import('@/pages/client/Trip'));
const Announcements = lazy(() => import('@/pages/admin/Announcements'));
const People = lazy(() => import('@/pages/admin/People'));
const Catalogue = lazy(() => import('@/pages/catalogue/Catalogue'));
const Allotment = lazy(() => import('@/pages/hotel/Allotment'));
const Operations = lazy(() => import('@/pages/admin/Ops'));
const Audit = lazy(() => import('@/pages/admin/AuditPage'));

const quotations: PageOf[] = [
  { path: '/quotations', Page: Quotations, label: 'nav.quotations', Icon: IconListDetails },
  { path: '/quotations/:id', Page: Quotation },
  { path: '/dashboard', Page: Dashboard, label: 'nav.dashboard', Icon: IconChartBar },
];
const trips: PageOf[] = [
  { path: '/trips', Page: Trips, label: 'nav.trips', Icon: IconMap2 },
  { path: '/trips/:id', Page: Trip },
];
const PAGES: Record<Role, PageOf[]> = {
  agent: quotations,
  hotel: [
    { path: '/invitations', Page: Invitations, label: 'nav.invitations', Icon: IconInbox },
    { path: '/invitations/:id', Page: Invitation },
    { path: '/allotment', Page: Allotment, label: 'nav.allotment', Icon: IconBed },
  ],
  client: trips,
  guide: trips,
  admin: [
    ...quotations,
    { path: '/announcements', Page: Announcements, label: 'nav.announcements', Icon: IconSpeakerphone },
    { path: '/people', Page: People, label: 'nav.people', Icon: IconBuildingSkyscraper },
    { path: '/catalogue', Page: Catalogue, label: 'nav.catalogue', Icon: IconBooks },
    { path: '/ops', Page: Operations, label: 'nav.ops', Icon: IconHeartbeat },
    { path: '/audit', Page: Audit, label: 'nav.audit', Icon: IconShieldCheck },
  ],
};

export const pagesOf = (role: Role): PageOf[] => PAGES[role];
export const homeOf = (role: Role): string => PAGES[role][0]!.path;
/** Whether the role has the page at an address. */
export const hasPage = (role: Role, location: string): boolean =>
  PAGES[role].some(({ path }) => path.split('/')[1] === location.split('/')[1]);
export const everyPath = [...new Set(Object.values(PAGES).flatMap((pages) => pages.map(({ path }) => path)))];

/** The page of a quotation as the role sees it. */
export const quotationPath = (role: Role, id: string): string => `${homeOf(role)}/${id}`;
