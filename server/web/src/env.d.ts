/// <reference types="vite/client" />

// Asked for by portal/boot.ts, by address.
interface Window { askedEarly?: Map<string, { answer: Promise<Response>; ended: AbortController }> }
