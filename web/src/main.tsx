import '@fontsource-variable/inter/wght.css';
import './app/mantine';
import '@mantine/notifications/styles.layer.css';
import './app/styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
