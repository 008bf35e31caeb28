export const CURRENCIES = ['USD', 'EUR', 'PEN', 'COP', 'BRL', 'ARS', 'CLP', 'MXN', 'UYU', 'GBP'];
