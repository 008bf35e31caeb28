export default function Quotations() {
  return null;
}
