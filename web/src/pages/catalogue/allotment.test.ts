import { expect, it } from 'vitest';
import { bodyOf, typedOf } from './allotment';

it('sends back what it was given, but for what is emptied', () => {
  const nights = { '2027-03-01': { double: { total: 5, taken: 2 }, suite: { total: 0, taken: 0 } } };
  const typed = typedOf({ nights });
  expect(bodyOf(typed)).toEqual({ nights: { '2027-03-01': { double: 5, suite: 0 } } });
  expect(bodyOf({ ...typed, '2027-03-01 suite': '', '2027-03-02 twin': '7' })).toEqual({
    nights: { '2027-03-01': { double: 5 }, '2027-03-02': { twin: 7 } },
  });
});

it('sends nothing that is no number of rooms', () => {
  expect(bodyOf({ '2027-03-01 double': 'five' })).toBeNull();
  expect(bodyOf({ '2027-03-01 double': '-1' })).toBeNull();
});
