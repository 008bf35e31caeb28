import '@fontsource-variable/inter/wght.css';
import './app/mantine';
import '@mantine/notifications/styles.layer.css';
import './app/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { logout } from './live/session';
import { onEndElsewhere } from './live/shared';

onEndElsewhere(logout);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
