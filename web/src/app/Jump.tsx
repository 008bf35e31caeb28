/** ⌘K: jump to any page or quotation. */
import '@mantine/spotlight/styles.layer.css';
import { createSpotlight, Spotlight } from '@mantine/spotlight';
import { IconFileText, IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { useT } from '@/i18n';
import { listRoom } from '@/live/hooks';
import type { Me, QuotationView } from '@/live/protocol';
import { useLive } from '@/live/store';
import { useFormat } from '@/lib/format';
import { useJumping } from './jumping';
import { pagesOf, quotationPath } from './pages';

const [store, actions] = createSpotlight();

export default function Jump({ me }: { me: Me }) {
  const asked = useJumping((state) => state.asked);
  useEffect(() => actions.open(), [asked]);
  const { t } = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const view = useLive((live) => live.rooms[listRoom(me)]?.view);
  const rows = Object.values((view?.quotations ?? view?.invitations ?? {}) as Record<string, Partial<QuotationView>>);
  const pages = pagesOf(me.role)
    .filter((page) => page.label)
    .map(({ path, label, Icon }) => ({
      id: path,
      label: t(label!),
      leftSection: Icon && <Icon size={17} />,
      onClick: () => go(path),
    }));
  const quotations = rows
    .filter((row) => row.id && row.title)
    .map((row) => ({
      id: row.id!,
      label: row.title,
      description: [row.destination, format.dayRange(row.check_in, row.check_out)].filter(Boolean).join(' · '),
      leftSection: <IconFileText size={17} />,
      onClick: () => go(quotationPath(me.role, row.id!)),
    }));
  return (
    <Spotlight
      store={store}
      actions={[...pages, ...quotations]}
      shortcut={null}
      limit={9}
      nothingFound={t('nav.nothing')}
      searchProps={{
        leftSection: <IconSearch size={17} />,
        placeholder: t('nav.search'),
        'aria-label': t('nav.search'),
      }}
    />
  );
}
