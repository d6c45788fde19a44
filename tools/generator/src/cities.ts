import type { Region } from './distributions';

export interface City {
  readonly name: string;
  /** Code of the Indian state or territory. */
  readonly state: string;
  /** As in store ids: STORE-MUM-042. */
  readonly storeCode: string;
  readonly postalCodes: readonly string[];
}

const POSTAL_CODES_PER_CITY = 20;

function city(name: string, state: string, firstPostalCode: number): City {
  return {
    name,
    state,
    storeCode: name.slice(0, 3).toUpperCase(),
    postalCodes: Array.from({ length: POSTAL_CODES_PER_CITY }, (_, index) => String(firstPostalCode + index)),
  };
}

// Customers call Guwahati eastern as well as north-eastern, so it stands in both regions: group by (region, city).
const GUWAHATI = city('Guwahati', 'AS', 781001);

export const CITIES: Readonly<Record<Region, readonly City[]>> = {
  north: [
    city('Delhi', 'DL', 110001),
    city('Chandigarh', 'CH', 160001),
    city('Lucknow', 'UP', 226001),
    city('Jaipur', 'RJ', 302001),
  ],
  south: [
    city('Bangalore', 'KA', 560001),
    city('Chennai', 'TN', 600001),
    city('Hyderabad', 'TG', 500001),
    city('Kochi', 'KL', 682001),
  ],
  east: [
    city('Kolkata', 'WB', 700001),
    city('Patna', 'BR', 800001),
    city('Bhubaneswar', 'OD', 751001),
    GUWAHATI,
  ],
  west: [
    city('Mumbai', 'MH', 400001),
    city('Pune', 'MH', 411001),
    city('Ahmedabad', 'GJ', 380001),
    city('Goa', 'GA', 403001),
  ],
  central: [
    city('Bhopal', 'MP', 462001),
    city('Nagpur', 'MH', 440001),
    city('Indore', 'MP', 452001),
    city('Raipur', 'CG', 492001),
  ],
  northeast: [
    GUWAHATI,
    city('Imphal', 'MN', 795001),
    city('Shillong', 'ML', 793001),
    city('Agartala', 'TR', 799001),
  ],
};
