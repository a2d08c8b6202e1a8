// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { proofOf } from './evidence';
import type { MaterialPage } from './types';

const page = (kind: string): MaterialPage => ({ kind, page: 1, content_type: 'image/png', size: 1, sha256: '0'.repeat(64), uploaded_at: '2026-11-21T10:00:00+08:00' });
const pages = [page('application_form'), page('business_licence'), page('id_photo_front')];

test('an identity number is proved by the card first', () => expect(proofOf('agent.id_number', pages)).toBe(2));
test('an organisation is proved by its licence', () => expect(proofOf('organisation.name', pages)).toBe(1));
test('without a licence the form proves the organisation', () => expect(proofOf('organisation.name', [pages[0]])).toBe(0));
test('a mobile stands on the form alone', () => expect(proofOf('agent.mobile', pages)).toBe(0));
test('a field that no block knows stands on the form', () => expect(proofOf('something.else', pages)).toBe(0));
test('where nothing lies nothing is proved', () => expect(proofOf('agent.name', [])).toBe(-1));
