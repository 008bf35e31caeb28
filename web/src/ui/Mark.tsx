export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden focusable="false">
      <rect width="32" height="32" rx="8" fill="#0c5f54" />
      <circle cx="22.5" cy="10" r="3.2" fill="#f2b45a" />
      <path d="M4 24.5 12.2 11l5 8 3-4.4 7.8 9.9z" fill="#eaf5f1" />
    </svg>
  );
}
