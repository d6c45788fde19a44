import { chiSquare, countsOf, recordsOf } from '../records.fixture';

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const pair = (area: object, more: object = {}) => [
  { name: 'latitude', type: 'latitude', area, ...more },
  { name: 'longitude', type: 'longitude', of: 'latitude' },
];
const placesOf = (fields: readonly object[], records = 10_000) =>
  recordsOf(fields, records) as unknown as readonly Place[];

/** By the haversine formula. */
function distanceKm(a: Place, b: Place): number {
  const rad = Math.PI / 180;
  const half = (x: number, y: number) => Math.sin(((y - x) * rad) / 2) ** 2;
  const h =
    half(a.latitude, b.latitude) +
    Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * half(a.longitude, b.longitude);
  return 2 * 6371.0088 * Math.asin(Math.sqrt(h));
}

describe('places around centres', () => {
  const mumbai = { latitude: 19.076, longitude: 72.8777 };

  it('are within the radius, all of the circle equally likely', () => {
    const places = placesOf(pair({ type: 'centres', centres: [{ ...mumbai, radiusKm: 25 }] }));
    const distances = places.map((place) => distanceKm(place, mumbai));
    // Six decimals of a degree are 11 cm.
    expect(Math.max(...distances)).toBeLessThan(25.0002);
    // Rings of equal area.
    const rings = distances.map((km) => Math.min(9, Math.floor(10 * (km / 25) ** 2)));
    expect(chiSquare(countsOf(rings, 10), new Array<number>(10).fill(1))).toBeLessThan(27.88);
    const quarters = places.map(
      ({ latitude, longitude }) =>
        (latitude > mumbai.latitude ? 2 : 0) + (longitude > mumbai.longitude ? 1 : 0),
    );
    expect(chiSquare(countsOf(quarters, 4), [1, 1, 1, 1])).toBeLessThan(16.27);
  });

  it('are around each centre by its weight', () => {
    const delhi = { latitude: 28.6139, longitude: 77.209 };
    const centres = [
      { ...mumbai, radiusKm: 5, weight: 3 },
      { ...delhi, radiusKm: 5 },
    ];
    const places = placesOf(pair({ type: 'centres', centres }));
    const inDelhi = places.filter((place) => distanceKm(place, delhi) < 5.001).length;
    const inMumbai = places.filter((place) => distanceKm(place, mumbai) < 5.001).length;
    expect(inDelhi + inMumbai).toBe(places.length);
    expect(chiSquare([inMumbai, inDelhi], [3, 1])).toBeLessThan(10.83);
  });

  it('follow an earlier field', () => {
    const far = { latitude: -40, longitude: 10, radiusKm: 1 };
    const conditional = { field: 'site', cases: { south: [far] } };
    const area = { type: 'centres', centres: [{ latitude: 40, longitude: 10, radiusKm: 1 }], conditional };
    const site = { name: 'site', type: 'category', choices: { north: 1, south: 1 } };
    for (const record of recordsOf([site, ...pair(area)], 500)) {
      expect(Number(record['latitude']) > 0).toBe(record['site'] === 'north');
    }
  });

  it('cross the 180th meridian and the pole', () => {
    const fiji = { latitude: -17, longitude: 179.99 };
    const around = placesOf(pair({ type: 'centres', centres: [{ ...fiji, radiusKm: 50 }] }), 2000);
    expect(around.every(({ longitude }) => Math.abs(longitude) <= 180)).toBe(true);
    expect(around.filter(({ longitude }) => longitude < 0).length).toBeGreaterThan(800);
    const pole = { latitude: 89.99, longitude: 0 };
    const polar = placesOf(pair({ type: 'centres', centres: [{ ...pole, radiusKm: 50 }] }), 2000);
    expect(Math.max(...polar.map((place) => distanceKm(place, pole)))).toBeLessThan(50.001);
    expect(polar.filter(({ longitude }) => Math.abs(longitude) > 90).length).toBeGreaterThan(500);
  });
});

describe('places in a box', () => {
  it('are within it, its area equally likely', () => {
    const places = placesOf(pair({ type: 'box', south: 0, north: 60, west: -10, east: 20 }));
    expect(places.every(({ latitude }) => latitude >= 0 && latitude <= 60)).toBe(true);
    expect(places.every(({ longitude }) => longitude >= -10 && longitude <= 20)).toBe(true);
    // Two thirds of sin 60° lie below the 35th parallel.
    const parallel = (Math.asin((2 / 3) * Math.sin(Math.PI / 3)) * 180) / Math.PI;
    const below = places.filter(({ latitude }) => latitude < parallel).length;
    expect(chiSquare([below, places.length - below], [2, 1])).toBeLessThan(10.83);
    const columns = places.map(({ longitude }) => Math.min(2, Math.floor((longitude + 10) / 10)));
    expect(chiSquare(countsOf(columns, 3), [1, 1, 1])).toBeLessThan(13.82);
  });

  it('that crosses the 180th meridian are on both sides of it', () => {
    const places = placesOf(pair({ type: 'box', south: -1, north: 1, west: 170, east: -170 }), 2000);
    expect(places.every(({ longitude }) => Math.abs(longitude) >= 170)).toBe(true);
    expect(places.filter(({ longitude }) => longitude < 0).length).toBeGreaterThan(800);
  });

  it('keep its limits after rounding', () => {
    const box = { type: 'box', south: 1, north: 2, west: 3, east: 4 };
    const values = recordsOf(pair(box, { decimals: 0 }), 200).map((record) => record['latitude']);
    expect(new Set(values)).toEqual(new Set([1, 2]));
  });
});

describe('a pair', () => {
  const area = { type: 'box', south: 10, north: 11, west: 20, east: 21 };

  it('may have its longitude first', () => {
    const [first] = recordsOf(
      [
        { name: 'lon', type: 'longitude', area },
        { name: 'lat', type: 'latitude', of: 'lon' },
      ],
      1,
    );
    expect(Math.floor(Number(first?.['lon']))).toBe(20);
    expect(Math.floor(Number(first?.['lat']))).toBe(10);
  });

  it('is null as a whole', () => {
    const records = recordsOf(pair(area, { nullProbability: 0.5 }), 400);
    const nulls = records.filter((record) => record['latitude'] === null);
    expect(nulls.length).toBeGreaterThan(100);
    expect(nulls.length).toBeLessThan(300);
    for (const record of records) {
      expect(record['longitude'] === null).toBe(record['latitude'] === null);
    }
  });
});
