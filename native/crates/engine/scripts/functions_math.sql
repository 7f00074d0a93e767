# The math functions: domains, poles, NULL, text that is a number and text that is none.
> SELECT acos(1), acos(-1), acos(2), acos(NULL), acos('0.5'), acos('x'), typeof(acos(1))
0.0 | 3.1415926535897931 | NULL | NULL | 1.0471975511965979 | NULL | 'real'
> SELECT acosh(1), acosh(0.5), acosh('2'), acosh(NULL)
0.0 | NULL | 1.3169578969248166 | NULL
> SELECT asin(0), asin(1), asin(-2), asin('0.25')
0.0 | 1.5707963267948966 | NULL | 0.25268025514207865
> SELECT asinh(0), asinh(-1e10), asinh(NULL)
0.0 | -23.718998110500401 | NULL
> SELECT atan(0), atan(1e300), atan(-1), atan(x'31')
0.0 | 1.5707963267948966 | -0.78539816339744828 | NULL
> SELECT atan2(0, -1), atan2(1, 0), atan2(-0.0, -1), atan2(NULL, 1), atan2(1, 'x')
3.1415926535897931 | 1.5707963267948966 | -3.1415926535897931 | NULL | NULL
> SELECT atanh(0), atanh(1), atanh(2), atanh(-0.5)
0.0 | Inf | NULL | -0.54930614433405478
> SELECT ceil(1.2), ceil(-1.2), ceil(5), typeof(ceil(5)), typeof(ceil(5.0)), ceil('1.5'), ceil('x'), ceil(NULL)
2.0 | -1.0 | 5 | 'integer' | 'real' | 2.0 | NULL | NULL
> SELECT ceiling(1e300), ceiling(-0.5), ceiling(9223372036854775807)
1.0e+300 | 0.0 | 9223372036854775807
> SELECT floor(1.8), floor(-1.2), floor('7'), typeof(floor('7')), floor(1e300), floor(x'37')
1.0 | -2.0 | 7 | 'integer' | 1.0e+300 | NULL
> SELECT trunc(1.8), trunc(-1.8), trunc(3), typeof(trunc(3)), trunc('2.9'), trunc(NULL)
1.0 | -1.0 | 3 | 'integer' | 2.0 | NULL
> SELECT cos(0), round(cos(pi()), 10), cos('x'), cosh(0), round(cosh(1), 12), cosh(NULL)
1.0 | -1.0 | NULL | 1.0 | 1.543080634815 | NULL
> SELECT sin(0), round(sin(pi() / 2), 12), sin(NULL), sinh(0), round(sinh(1), 12), sinh('0')
0.0 | 1.0 | NULL | 0.0 | 1.175201193644 | 0.0
> SELECT tan(0), round(tan(1), 12), tan('x'), tanh(0), round(tanh(1), 12), tanh(1e300)
0.0 | 1.557407724655 | NULL | 0.0 | 0.761594155956 | 1.0
> SELECT degrees(pi()), radians(180), degrees(NULL), radians('90'), degrees('x')
180.0 | 3.1415926535897931 | NULL | 1.5707963267948966 | NULL
> SELECT exp(0), round(exp(1), 12), exp(1000), exp(-1000), exp(NULL)
1.0 | 2.718281828459 | Inf | 0.0 | NULL
> SELECT ln(1), round(ln(10), 12), ln(0), ln(-1), ln('x'), ln(NULL)
0.0 | 2.302585092994 | NULL | NULL | NULL | NULL
> SELECT log(100), log(2, 8), log(10, 0), log(1, 5), log(-2, 8), log(0), log('10', '1000')
2.0 | 3.0 | NULL | NULL | NULL | NULL | 2.9999999999999996
> SELECT log10(1000), log10(0), log2(8), log2(-1), log2('16')
3.0 | NULL | 3.0 | NULL | 4.0
> SELECT mod(7, 3), mod(-7, 3), mod(7.5, 2), mod(7, 0), mod(NULL, 2), mod('9', '4')
1.0 | -1.0 | 1.5 | NULL | NULL | 1.0
> SELECT pi(), typeof(pi()), pi() = 3.141592653589793
3.1415926535897931 | 'real' | 1
> SELECT pow(2, 10), pow(2, -1), pow(-8, 1.0 / 3), pow(0, 0), pow('2', '3'), pow(NULL, 1), typeof(pow(2, 2))
1024.0 | 0.5 | NULL | 1.0 | 8.0 | NULL | 'real'
> SELECT power(2, 0.5), power(10, 400), power(-1, 3)
1.4142135623730952 | Inf | -1.0
> SELECT sqrt(4), sqrt(2), sqrt(-1), sqrt('16'), sqrt(NULL), sqrt('x')
2.0 | 1.4142135623730952 | NULL | 4.0 | NULL | NULL
> SELECT sign(-3), sign(0), sign(2.5), sign('x'), sign('-1'), sign(NULL)
-1 | 0 | 1 | NULL | -1 | NULL
> SELECT acos()
error SQLITE_ERROR: wrong number of arguments to function acos()
> SELECT atan2(1)
error SQLITE_ERROR: wrong number of arguments to function atan2()
> SELECT pi(1)
error SQLITE_ERROR: wrong number of arguments to function pi()
> SELECT log(1, 2, 3)
error SQLITE_ERROR: wrong number of arguments to function log()
