/** The catalogue of hotels and everybody with a login. */
import { SegmentedControl, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch, IconStarFilled } from '@tabler/icons-react';
import { useRef, useState, type ReactNode } from 'react';
import { useLocation, useSearch } from 'wouter';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { useFormat } from '@/lib/format';
import type { Hotel, Person } from '@/live/protocol';
import { getAll } from '@/rest/client';
import { useRead } from '@/rest/useRead';
import { Badge } from '@/ui/Badge';
import { Face } from '@/ui/People';
import { Notice, PageError, Rows } from '@/ui/states';
import classes from './Tables.module.css';

addMessages(admin);

type Show = 'hotels' | 'people';

export default function People() {
  const { t } = useT();
  const [path, go] = useLocation();
  const show: Show = new URLSearchParams(useSearch()).get('show') === 'people' ? 'people' : 'hotels';
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => search.current?.focus()]]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t('nav.people')}</h1>
        <SegmentedControl
          size="xs"
          value={show}
          onChange={(value) => go(value === 'people' ? `${path}?show=people` : path, { replace: true })}
          data={(['hotels', 'people'] as const).map((value) => ({ value, label: t(`people.${value}`) }))}
          aria-label={t('people.show')}
        />
        <TextInput
          ref={search}
          size="xs"
          className={classes.search}
          leftSection={<IconSearch size={14} />}
          placeholder={t('people.search')}
          aria-label={t('people.search')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </header>
      {show === 'hotels' ? <Hotels query={query} /> : <Logins query={query} />}
    </div>
  );
}

function has(query: string, ...texts: (string | undefined)[]): boolean {
  const hay = texts.join(' ').toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

function Table<T>(props: {
  reading: { data: T[] | null; failed: boolean; reload: () => void };
  shown: (row: T) => boolean;
  head: ReactNode;
  row: (row: T) => ReactNode;
}) {
  const { t } = useT();
  const { data, failed, reload } = props.reading;
  if (!data) return failed ? <PageError onRetry={reload} /> : <Rows count={9} height={40} />;
  const rows = data.filter(props.shown);
  if (!rows.length) return <Notice icon={<IconSearch size={26} />} title={t('nav.nothing')} hint={t('people.none')} />;
  return (
    <div className={`card ${classes.scroll}`}>
      <table className={classes.table}>
        <thead>
          <tr>{props.head}</tr>
        </thead>
        <tbody>{rows.map(props.row)}</tbody>
      </table>
    </div>
  );
}

function Hotels({ query }: { query: string }) {
  const { t } = useT();
  const format = useFormat();
  const reading = useRead(() => getAll<Hotel>('/hotels'));
  return (
    <Table
      reading={reading}
      shown={(hotel) => has(query, hotel.name, hotel.city, ...(hotel.amenities ?? []))}
      head={
        <>
          <th scope="col">{t('role.hotel')}</th>
          <th scope="col">{t('people.city')}</th>
          <th scope="col" data-right>
            {t('people.rating')}
          </th>
          <th scope="col" data-right>
            {t('people.capacity')}
          </th>
          <th scope="col" data-right>
            {t('people.distance')}
          </th>
          <th scope="col" data-right>
            {t('people.answers')}
          </th>
          <th scope="col">{t('people.amenities')}</th>
        </>
      }
      row={(hotel) => (
        <tr key={hotel.id} data-testid="hotel-row">
          <th scope="row">{hotel.name}</th>
          <td>{hotel.city}</td>
          <td data-right className={classes.stars}>
            {hotel.rating} <IconStarFilled size={11} aria-hidden />
          </td>
          <td data-right className="num">
            {hotel.capacity}
          </td>
          <td data-right className="num">
            {hotel.distance_km} km
          </td>
          <td data-right className="num">
            {hotel.answer_rate && format.percent(hotel.answer_rate)}
          </td>
          <td className={classes.quiet}>{(hotel.amenities ?? []).join(' · ')}</td>
        </tr>
      )}
    />
  );
}

const TONES = { admin: 'bad', agent: 'good', hotel: 'wait', client: 'plum', guide: 'go' } as const;

function Logins({ query }: { query: string }) {
  const { t } = useT();
  const reading = useRead(() => getAll<Person>('/people'));
  return (
    <Table
      reading={reading}
      shown={(person) => has(query, person.name, person.email, placeOf(person), t(`role.${person.role}`))}
      head={
        <>
          <th scope="col">{t('people.name')}</th>
          <th scope="col">{t('login.email')}</th>
          <th scope="col">{t('people.role')}</th>
          <th scope="col">{t('people.place')}</th>
          <th scope="col">{t('people.login')}</th>
        </>
      }
      row={(person) => (
        <tr key={person.id} data-testid="person-row">
          <th scope="row">
            <span className={classes.person}>
              <Face member={person} size={22} /> {person.name}
            </span>
          </th>
          <td className={classes.quiet}>{person.email}</td>
          <td>
            <Badge tone={TONES[person.role]}>{t(`role.${person.role}`)}</Badge>
          </td>
          <td className={classes.quiet}>{placeOf(person) ?? '–'}</td>
          <td className={classes.quiet}>{t(person.active ? 'people.active' : 'people.inactive')}</td>
        </tr>
      )}
    />
  );
}

const placeOf = (person: Person): string | undefined => person.company_id ?? person.hotel_id ?? person.customer_of;
