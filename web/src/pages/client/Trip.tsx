export default function Trip() {
  return null;
}
