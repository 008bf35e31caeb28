/** The offer form and, beside it, what it comes to and how to send it. */
import { useState, type FocusEvent } from 'react';
import { useT } from '@/i18n';
import { sendPresence } from '@/live/connection';
import type { Offer, QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { CancellationTerms, Conditions, Deposits } from './Conditions';
import classes from './OfferForm.module.css';
import { read } from './offerReading';
import { totalsOf } from './offerTotals';
import { Rates } from './Rates';
import { Notes, Services } from './Services';
import { Standing } from './Standing';
import { Summary } from './Summary';
import { Taxes } from './Taxes';
import { useOfferForm } from './useOfferForm';

export function OfferDesk({ view, offer, open }: { view: QuotationView; offer: Offer | undefined; open: boolean }) {
  const { language } = useT();
  const editing = useOfferForm(view, offer);
  const [tried, setTried] = useState(false);
  const { form, set } = editing;
  const said = read(form, view.currency, language);
  const totals = totalsOf(form, view, language);
  const problems = tried ? said.problems : said.problems.filter(({ kind }) => kind !== 'needed');
  const section = { form, set, problems, currency: view.currency };
  if (!open && !offer) return <Standing view={view} />;

  const focus = (event: FocusEvent<HTMLElement>): void => {
    const { name } = event.target as HTMLInputElement;
    if (name && open) sendPresence(quotationRoom(view.id), { focus: `offer.${name}` });
  };
  return (
    <div className={classes.desk}>
      <fieldset
        className={classes.form}
        disabled={!open}
        data-testid="offer-form"
        data-open={open || undefined}
        onFocus={focus}
        onBlur={() => open && sendPresence(quotationRoom(view.id), { focus: null })}
      >
        <div className={classes.column}>
          <Rates {...section} view={view} totals={totals} />
          <Taxes {...section} />
        </div>
        <div className={classes.column}>
          <Conditions {...section} view={view} />
          <CancellationTerms {...section} view={view} />
          <Deposits {...section} view={view} />
        </div>
        <div className={classes.column}>
          <Services {...section} />
          <Notes {...section} />
        </div>
      </fieldset>
      <aside className={classes.side}>
        <Summary
          view={view}
          offer={offer}
          open={open}
          editing={editing}
          said={said}
          totals={totals}
          onTried={setTried}
        />
        <Standing view={view} />
      </aside>
    </div>
  );
}
