/** The kinds of catalogue: what their tables show, and how. */
import type { components } from '@/generated/api';
import type { Key } from '@/i18n';
import * as codecs from './codecs';
import type { Codec } from './codecs';
import { today } from './months';

type Schemas = components['schemas'];

export type Item = Record<string, unknown>;

export interface Column {
  key: string;
  label: Key;
  /** Without one it is a yes or a no. */
  codec?: Codec;
  /** Part of what the item is: not to be changed once it is there. */
  fixed?: boolean;
}

/** A list inside an item, edited as a table of its own. */
export interface Part {
  key: string;
  label: Key;
  columns: Column[];
  blank: Item;
}

export interface Kind {
  name: 'guides' | 'vehicles' | 'tariffs' | 'rates' | 'templates' | 'profiles' | 'hotels';
  label: Key;
  columns: Column[];
  parts: Part[];
  blank: Item;
  months?: 'calendar' | 'allotment';
  /** Whether items can be dropped; the others are known to bookings. */
  drops: boolean;
}

/** Columns of a shape: its fields by name, each with its codec. */
const columns = <T>(...given: [key: keyof T & string, label: Key, codec?: Codec, fixed?: 'fixed'][]): Column[] =>
  given.map(([key, label, codec, fixed]) => ({ key, label, codec, fixed: fixed === 'fixed' }));

const part = <T>(key: string, label: Key, blank: T & Item, ...given: Parameters<typeof columns<T>>): Part => ({
  key,
  label,
  blank,
  columns: columns<T>(...given),
});

export const KINDS: Kind[] = [
  {
    name: 'guides',
    label: 'catalogue.guides',
    columns: columns<Schemas['Guide']>(
      ['name', 'catalogue.name', codecs.some],
      ['kind', 'catalogue.kind', codecs.some],
      ['languages', 'catalogue.languages', codecs.languages],
      ['skills', 'catalogue.skills', codecs.list],
      ['certificates', 'catalogue.certificates', codecs.certificates],
      ['rating', 'catalogue.rating', codecs.decimal],
      ['home', 'catalogue.home', codecs.place],
      ['phone', 'catalogue.phone', codecs.text],
      ['active', 'catalogue.active'],
    ),
    parts: [],
    blank: { name: '', kind: 'local', languages: [], skills: [], certificates: [], rating: '0', home: null, phone: '', active: true },
    months: 'calendar',
    drops: false,
  },
  {
    name: 'vehicles',
    label: 'catalogue.vehicles',
    columns: columns<Schemas['Vehicle']>(
      ['name', 'catalogue.name', codecs.some],
      ['vehicle_class', 'catalogue.class', codecs.some],
      ['seats', 'catalogue.seats', codecs.whole],
      ['drivers', 'catalogue.drivers', codecs.whole],
      ['driver_hours', 'catalogue.driver_hours', codecs.whole],
      ['days_in_row', 'catalogue.days_in_row', codecs.whole],
      ['average_kmh', 'catalogue.average_kmh', codecs.whole],
      ['home', 'catalogue.home', codecs.place],
      ['plate', 'catalogue.plate', codecs.text],
      ['carrier', 'catalogue.carrier', codecs.text],
      ['accessible', 'catalogue.accessible'],
      ['active', 'catalogue.active'],
    ),
    parts: [],
    blank: { name: '', vehicle_class: 'minibus', seats: 19, drivers: 1, driver_hours: 9, days_in_row: 6, average_kmh: 50, home: null, plate: '', carrier: '', accessible: false, active: true },
    months: 'calendar',
    drops: false,
  },
  {
    name: 'tariffs',
    label: 'catalogue.tariffs',
    columns: columns<Schemas['Tariff']>(
      ['name', 'catalogue.name', codecs.some],
      ['currency', 'catalogue.currency', codecs.currency],
      ['valid_from', 'catalogue.valid_from', codecs.day],
      ['valid_until', 'catalogue.valid_until', codecs.openDay],
      ['fuel_percent', 'catalogue.fuel', codecs.decimal],
      ['contingency_percent', 'catalogue.contingency', codecs.decimal],
      ['staff_night', 'catalogue.staff_night', codecs.decimal],
      ['staff_day', 'catalogue.staff_day', codecs.decimal],
    ),
    parts: [
      part<Schemas['VehicleRate']>('vehicles', 'catalogue.vehicles', { code: 'new', name: '–', seats: 1, day: '0' },
        ['code', 'catalogue.code', codecs.some],
        ['name', 'catalogue.name', codecs.some],
        ['seats', 'catalogue.seats', codecs.whole],
        ['day', 'catalogue.per_day', codecs.decimal],
        ['km', 'catalogue.per_km', codecs.decimal],
        ['toll_km', 'catalogue.toll_km', codecs.decimal],
        ['parking_day', 'catalogue.parking_day', codecs.decimal],
      ),
      part<Schemas['GuideRate']>('guides', 'catalogue.guides', { language: 'xx', kind: 'local', day: '0' },
        ['language', 'catalogue.language', codecs.some],
        ['kind', 'catalogue.kind', codecs.some],
        ['day', 'catalogue.per_day', codecs.decimal],
        ['overtime_hour', 'catalogue.overtime', codecs.decimal],
        ['lodged', 'catalogue.lodged'],
      ),
      part<Schemas['ItemRate']>('items', 'catalogue.items', { code: 'new', name: '–', category: 'other', per: 'person', amount: '0' },
        ['code', 'catalogue.code', codecs.some],
        ['name', 'catalogue.name', codecs.some],
        ['category', 'catalogue.category', codecs.some],
        ['per', 'catalogue.per', codecs.some],
        ['amount', 'catalogue.amount', codecs.decimal],
        ['child', 'catalogue.child', codecs.perhaps],
      ),
      part<Schemas['SalesTax']>('taxes', 'catalogue.taxes', { name: 'IVA', percent: '0' },
        ['name', 'catalogue.name', codecs.some],
        ['percent', 'catalogue.percent', codecs.decimal],
      ),
    ],
    blank: { name: '', currency: 'USD', valid_from: today(), valid_until: null, fuel_percent: '0', contingency_percent: '0', staff_night: '0', staff_day: '0' },
    drops: true,
  },
  {
    name: 'rates',
    label: 'catalogue.rates',
    columns: columns<Schemas['RateView']>(
      ['base', 'catalogue.base', codecs.currency, 'fixed'],
      ['quote', 'catalogue.quote', codecs.currency, 'fixed'],
      ['on', 'catalogue.on', codecs.day, 'fixed'],
      ['rate', 'catalogue.rate', codecs.decimal],
    ),
    parts: [],
    blank: { base: 'USD', quote: '', on: today(), rate: '' },
    drops: true,
  },
  {
    name: 'templates',
    label: 'catalogue.templates',
    columns: columns<Schemas['Template']>(
      ['name', 'catalogue.name', codecs.some],
      ['destination', 'catalogue.destination', codecs.text],
      ['meal_plan', 'catalogue.meal_plan', codecs.some],
    ),
    parts: [
      part<Schemas['TemplateDay']>('days', 'catalogue.days', { title: '–', text: '' },
        ['title', 'catalogue.title', codecs.some],
        ['text', 'catalogue.text', codecs.text],
      ),
    ],
    blank: { name: '', destination: '', meal_plan: 'BB' },
    drops: true,
  },
  {
    name: 'profiles',
    label: 'catalogue.profiles',
    columns: columns<Schemas['Profile']>(
      ['name', 'catalogue.name', codecs.some],
      ['pax_from', 'catalogue.pax_from', codecs.whole],
      ['pax_to', 'catalogue.pax_to', codecs.whole],
      ['meal_plan', 'catalogue.meal_plan', codecs.some],
      ['special_requirements', 'catalogue.requirements', codecs.list],
      ['guide_languages', 'catalogue.languages', codecs.list],
      ['guide_skills', 'catalogue.skills', codecs.list],
      ['guide_certificates', 'catalogue.certificates', codecs.list],
      ['vehicle_class', 'catalogue.class', codecs.optional],
      ['accessible', 'catalogue.accessible'],
      ['description', 'catalogue.text', codecs.text],
    ),
    parts: [],
    blank: { name: '', pax_from: 10, pax_to: 40, meal_plan: 'BB', special_requirements: [], guide_languages: [], guide_skills: [], guide_certificates: [], vehicle_class: null, accessible: false, description: '' },
    drops: true,
  },
  {
    name: 'hotels',
    label: 'catalogue.hotels',
    columns: columns<Schemas['HotelView']>(
      ['name', 'catalogue.name', codecs.some],
      ['city', 'catalogue.city', codecs.some],
      ['rating', 'catalogue.rating', codecs.decimal],
      ['distance_km', 'catalogue.distance', codecs.decimal],
      ['capacity', 'catalogue.capacity', codecs.whole],
      ['answer_rate', 'catalogue.answers', codecs.decimal],
      ['amenities', 'catalogue.amenities', codecs.list],
    ),
    parts: [],
    blank: { name: '', city: '', rating: '0', distance_km: '0', capacity: 0, answer_rate: '0', amenities: [] },
    months: 'allotment',
    drops: false,
  },
];
